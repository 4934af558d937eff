package io.dovetail.intake.queue;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the Kafka is whose topics are doors.
 *
 * @param bootstrapServers as {@code host:port,host:port}; empty: there is none
 * @param properties a file with further properties of Kafka's consumer, as for TLS and SASL; empty: there are none
 */
@ConfigurationProperties("hub.kafka")
public record KafkaSettings(
        @DefaultValue("") String bootstrapServers,
        @DefaultValue("") String properties) {}
