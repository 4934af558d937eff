package io.dovetail.intake.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Makes the consumer of one connector. What the order and the safety of records rest on, no file can change. */
final class KafkaClient {

    private static final int MAX_RECORDS = 256;
    private static final int MAX_FETCH = 2 << 20;

    private KafkaClient() {}

    /** @throws IllegalStateException when the settings are of no use */
    static KafkaConsumer<byte[], byte[]> consumer(String connector, KafkaSettings settings) {
        if (settings.bootstrapServers().isEmpty()) {
            throw new IllegalStateException("hub.kafka.bootstrap-servers does not say where Kafka is");
        }
        var properties = read(settings.properties());
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, "dovetail." + connector);
        // a hub that starts again has its partitions at once, and does not wait until its last life is given up
        properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "dovetail." + connector);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "dovetail." + connector);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(MAX_RECORDS));
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(MAX_FETCH));
        // bytes, and nothing that could make of them what a header says
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Properties read(String file) {
        var properties = new Properties();
        if (!file.isEmpty()) {
            try (var reader = Files.newBufferedReader(Path.of(file))) {
                properties.load(reader);
            } catch (IOException e) {
                throw new IllegalStateException("hub.kafka.properties cannot be read: " + e, e);
            }
        }
        return properties;
    }
}
