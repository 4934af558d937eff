package io.dovetail.operate;

import io.dovetail.ledger.Pauses.Pause;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.jdbc.DataSourceHealthIndicator;

/** What the hub needs to do its work. Dead letters are work for people, not an illness of the hub. */
public final class HubHealth {

    private HubHealth() {}

    public static HealthIndicator database(DataSource dataSource) {
        return new DataSourceHealthIndicator(dataSource, "select 1");
    }

    public static HealthIndicator bus(BooleanSupplier isConnected) {
        return () -> isConnected.getAsBoolean()
                ? Health.up().build()
                : Health.down()
                        .withDetail(
                                "what", "The bus does not acknowledge; events wait in the outbox and nothing is lost.")
                        .build();
    }

    /** Books that do not balance are told here, and by an alarm; a hub that stopped for them would lose more. */
    public static HealthIndicator books(Supplier<Map<String, Object>> details) {
        return () -> Health.up().withDetails(details.get()).build();
    }

    /** @param obstacles why queues of connectors have to wait; what waits is not lost, and the hub is well */
    public static HealthIndicator queues(Supplier<Map<String, String>> obstacles) {
        return () -> Health.up().withDetails(obstacles.get()).build();
    }

    /** @param obstacles why sources are not read; what they say is read later, and the hub is well */
    public static HealthIndicator polls(Supplier<Map<String, String>> obstacles) {
        return queues(obstacles);
    }

    /** What an operator has stopped for a time: no illness, but to be seen. */
    public static HealthIndicator pauses(Supplier<List<Pause>> pauses) {
        return () -> {
            var health = Health.up();
            pauses.get()
                    .forEach(pause -> health.withDetail(
                            (pause.what().word() + " " + pause.name()).strip(),
                            "paused by " + pause.actor() + " at " + pause.at() + ": " + pause.reason()));
            return health.build();
        };
    }

    /**
     * @param free in bytes
     * @param minFree with less, the hub is down before the disk is full
     */
    public static HealthIndicator disk(LongSupplier free, long minFree) {
        return () -> {
            var bytes = free.getAsLong();
            var health = bytes < minFree
                    ? Health.down()
                            .withDetail(
                                    "what",
                                    "Less than hub.min-disk-free is left: deliveries get 503 until there is room.")
                    : Health.up();
            return health.withDetail("free", bytes)
                    .withDetail("minFree", minFree)
                    .build();
        };
    }
}
