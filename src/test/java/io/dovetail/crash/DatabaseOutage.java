package io.dovetail.crash;

import io.dovetail.harness.Proxy;
import io.dovetail.ledger.postgres.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL of its own, beyond a line that is cut for a while, or falls silent and goes on where it stopped. */
final class DatabaseOutage implements Fault {

    private final Duration away;
    private @Nullable EmbeddedServer server;
    private @Nullable Proxy line;
    private int blows;

    DatabaseOutage(Duration away) {
        this.away = away;
    }

    @Override
    public Path place(Path directory) throws IOException {
        server = EmbeddedServer.start(
                Files.createDirectories(directory.resolve("database")),
                Template.get().programs());
        line = new Proxy(Integer.parseInt(server.jdbcUrl().replaceFirst(".*:(\\d+)/.*", "$1")));
        return directory;
    }

    @Override
    public void prepare(Trial trial) {
        trial.hub.setting(
                "HUB_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:%d/hub?user=%s&password=%s"
                        .formatted(
                                line.port(),
                                server.owner().user(),
                                server.owner().password()));
    }

    @Override
    public int strike(Trial trial, Random random) throws IOException, InterruptedException {
        if (blows++ % 2 == 0) {
            line.cut();
        } else {
            line.fallSilent();
        }
        Thread.sleep(away);
        line.mend();
        trial.awaitAnswers(20);
        return 1;
    }

    @Override
    public void close() throws IOException {
        if (line != null) {
            line.close();
        }
        if (server != null) {
            server.close();
        }
    }
}
