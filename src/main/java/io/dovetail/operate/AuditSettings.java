package io.dovetail.operate;

import java.io.File;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the audit is kept.
 *
 * @param head the file in which its head is written down
 * @param interval how often that is done, and how often what was refused becomes rows
 */
@ConfigurationProperties("hub.audit")
public record AuditSettings(
        @DefaultValue("data/audit.head") File head,
        @DefaultValue("1m") Duration interval) {}
