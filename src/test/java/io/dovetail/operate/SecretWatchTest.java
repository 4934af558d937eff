package io.dovetail.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.ledger.AuditLog;
import io.dovetail.ledger.SecretHistory;
import io.dovetail.ledger.SharedDatabase;
import io.dovetail.ledger.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedDatabase.class)
class SecretWatchTest {

    private final Store store;

    SecretWatchTest(DataSource database) {
        store = new Store(database);
    }

    @Test
    void looksAtFilesElsewhereToo(@TempDir Path directory) throws IOException {
        var secrets = Files.createDirectory(directory.resolve("secrets"));
        var key = directory.resolve("front.key");
        var twice = Files.writeString(secrets.resolve("own.key"), "x");
        var watch = new SecretWatch(secrets, List.of(key, twice), new SecretHistory(store.transactions));
        watch.look();
        Files.writeString(key, "x");
        Files.writeString(directory.resolve("not-named"), "x");
        watch.look();
        Files.setLastModifiedTime(key, FileTime.from(Store.NOW));
        watch.look();
        Files.delete(key);
        watch.look();
        assertThat(new AuditLog(store.transactions).page(null, 0, 100))
                .extracting(row -> row.subject() + " " + row.reason())
                .containsExactly("own.key added", key + " added", key + " changed", key + " removed");
    }
}
