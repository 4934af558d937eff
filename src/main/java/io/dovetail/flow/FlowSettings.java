package io.dovetail.flow;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How events are worked on.
 *
 * @param partitions how many workers share the ordering keys
 * @param batch how many events one transaction takes at most
 * @param batchTime how long a batch may gather results before it is written
 * @param deadline how long one event may take before it is parked as poison
 * @param attempts how often an event may fail for a reason of ours, or take the hub with it, before it is parked
 */
@ConfigurationProperties("hub.flow")
public record FlowSettings(
        @DefaultValue("2") int partitions,
        @DefaultValue("500") int batch,
        @DefaultValue("50ms") Duration batchTime,
        @DefaultValue("30s") Duration deadline,
        @DefaultValue("3") int attempts) {}
