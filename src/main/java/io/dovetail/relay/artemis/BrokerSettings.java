package io.dovetail.relay.artemis;

import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * How the embedded broker is set up.
 *
 * @param host the address it listens on for AMQP 1.0
 * @param port 0 for a free one
 * @param consumers who reads what is published
 * @param memoryBytes of each of {@code hub.events} and {@code hub.triggers}, beyond which messages go to disk
 * @param pageLimitBytes on disk of each of these, beyond which publishing fails until a consumer catches up
 * @param telemetryRing how many of the newest telemetry messages each consumer's queue keeps
 * @param noticeRing how many of the newest notices of dead letters each consumer's queue keeps
 * @param minDiskFreeBytes below which publishing fails
 */
public record BrokerSettings(
        String host,
        int port,
        Consumers consumers,
        long memoryBytes,
        long pageLimitBytes,
        int telemetryRing,
        int noticeRing,
        long minDiskFreeBytes) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final long MIB = 1L << 20;

    public BrokerSettings {
        for (var name : consumers.names()) {
            if (!NAME.matcher(name).matches() || name.equals(Users.HUB)) {
                throw new IllegalArgumentException(
                        "A consumer cannot be called '%s': use small letters, digits and '-', and not '%s'."
                                .formatted(name, Users.HUB));
            }
        }
    }

    /** Everything else as it suits one hub on one small machine. */
    public static BrokerSettings of(String host, int port, Consumers consumers) {
        return new BrokerSettings(host, port, consumers, 32 * MIB, 1024 * MIB, 2_000, 10_000, 200 * MIB);
    }

    @Override
    public String toString() {
        return "BrokerSettings[%s:%d, consumers=%s]".formatted(host, port, new TreeSet<>(consumers.names()));
    }
}
