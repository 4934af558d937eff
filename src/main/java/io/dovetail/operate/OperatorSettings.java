package io.dovetail.operate;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How operators are let in.
 *
 * @param failuresPerMinute how often somebody at one address may be wrong about one name before he gets 429
 */
@ConfigurationProperties("hub.operators")
public record OperatorSettings(@DefaultValue("20") int failuresPerMinute) {}
