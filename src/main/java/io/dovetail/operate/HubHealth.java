package io.dovetail.operate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
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

    /** @param minFree in bytes; below it the hub is down before the disk is full */
    public static HealthIndicator disk(Path data, long minFree) {
        return () -> {
            try {
                var free = Files.getFileStore(data).getUsableSpace();
                var health = free < minFree ? Health.down() : Health.up();
                return health.withDetail("free", free)
                        .withDetail("minFree", minFree)
                        .build();
            } catch (IOException e) {
                return Health.down(e).build();
            }
        };
    }
}
