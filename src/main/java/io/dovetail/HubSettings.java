package io.dovetail;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What the hub as a whole is told.
 *
 * @param root where {@code connectors/}, {@code routes/} and {@code schemas/} are
 * @param data everything the embedded servers keep
 * @param secrets a directory, one file a secret
 * @param production refuse to start rather than make up a secret, or be easy to get into
 * @param tlsEndsBefore somebody has seen to it that others reach the hub by HTTPS alone
 * @param databaseUrl as whom the hub works; empty for the embedded PostgreSQL
 * @param databaseOwnerUrl as whom a start makes and changes the tables; empty: as whom it works
 * @param amqpPort 0 for a free one
 * @param amqpSslBundle which of Spring's SSL bundles the AMQP port speaks TLS with; empty: none
 * @param adminPassword empty for the secret {@code hub.admin}
 * @param consumers each has queues of its own on the bus
 * @param retention how long the history of each retention class is kept, in whole days; zero, or a class that is not
 *     named: for ever
 * @param minDiskFree below it, health is down and deliveries get 503
 */
@ConfigurationProperties("hub")
record HubSettings(
        @DefaultValue(".") File root,
        @DefaultValue("data") File data,
        @DefaultValue("data/secrets") File secrets,
        @DefaultValue("false") boolean production,
        @DefaultValue("false") boolean tlsEndsBefore,
        @DefaultValue("") String databaseUrl,
        @DefaultValue("") String databaseOwnerUrl,
        @DefaultValue("127.0.0.1") String amqpAddress,
        @DefaultValue("5672") int amqpPort,
        @DefaultValue("") String amqpSslBundle,
        @DefaultValue("") String adminPassword,
        @DefaultValue("workflow") List<String> consumers,
        @DefaultValue Map<String, Duration> retention,
        @DefaultValue("512MB") DataSize minDiskFree,
        @DefaultValue("10s") Duration watchInterval) {

    /** What was published can be published again for so long: a consumer's gap may show only after a week. */
    static final Duration LEAST_RETENTION = Duration.ofDays(7);

    HubSettings {
        if (databaseUrl.isEmpty() && !databaseOwnerUrl.isEmpty()) {
            throw new IllegalArgumentException(
                    "hub.database-owner-url (HUB_DATABASE_OWNER_URL) names a database's owner,"
                            + " and hub.database-url (HUB_DATABASE_URL), as whom the hub works with it, is not set. Set both, or"
                            + " neither for the embedded PostgreSQL.");
        }
        retention.forEach((name, kept) -> {
            if (!kept.isZero() && kept.compareTo(LEAST_RETENTION) < 0) {
                throw new IllegalArgumentException("hub.retention." + name + " must be "
                        + LEAST_RETENTION.toDays() + "d or more, or 0 for ever, since what was published must be there"
                        + " for as long, to be published again; it is " + kept);
            }
        });
    }

    // a File is taken as it is written, where Spring would look for a Path in the web server's folder first

    Path rootPath() {
        return root.toPath();
    }

    Path dataPath() {
        return data.toPath();
    }

    Path secretsPath() {
        return secrets.toPath();
    }

    boolean isEmbedded() {
        return databaseUrl.isEmpty();
    }
}
