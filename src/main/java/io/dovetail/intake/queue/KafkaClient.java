package io.dovetail.intake.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/** Makes the consumer of one connector. What the order and the safety of records rest on, no file can change. */
final class KafkaClient {

    private static final int MAX_FETCH = 2 << 20;
    private static final byte[] NOTHING = {};

    private KafkaClient() {}

    /**
     * @param maxBytes larger values are left out, which their record's size tells
     * @throws IllegalStateException when the settings are of no use
     */
    static KafkaConsumer<byte[], byte[]> consumer(
            String connector, String topic, KafkaSettings settings, IntSupplier maxBytes) {
        if (settings.bootstrapServers().isEmpty()) {
            throw new IllegalStateException("hub.kafka.bootstrap-servers does not say where Kafka is");
        }
        var properties = read(settings.properties());
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        var name = "dovetail." + connector;
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, name);
        // a hub that starts again has its partitions at once, and does not wait until its last life is given up
        properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, name);
        // the guard stands in this one
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        // two megabytes may unpack to hundreds: only one after the other is in memory, and its reader knows when to
        // stop
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1");
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(MAX_FETCH));
        properties.put(ConsumerConfig.CHECK_CRCS_CONFIG, "true");
        // bytes, and nothing that could make of them what a header says
        var consumer = new KafkaConsumer<>(properties, new UpTo(() -> 0), new UpTo(maxBytes));
        try {
            FetchGuard.guard(consumer, name, topic);
            return consumer;
        } catch (IllegalStateException e) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
            throw e;
        }
    }

    /** The bytes, unless they are too many. */
    private record UpTo(IntSupplier maxBytes) implements Deserializer<byte[]> {

        @Override
        public byte[] deserialize(String topic, byte[] data) {
            return data;
        }

        @Override
        public byte[] deserialize(String topic, Headers headers, ByteBuffer data) {
            if (data.remaining() > maxBytes.getAsInt()) {
                return NOTHING;
            }
            var bytes = new byte[data.remaining()];
            data.duplicate().get(bytes);
            return bytes;
        }
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
