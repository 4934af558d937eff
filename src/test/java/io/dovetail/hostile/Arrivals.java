package io.dovetail.hostile;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What came through a door at which nobody is answered is looked for where the hub stores it. */
final class Arrivals implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long CLOCKS_MAY_DIFFER_MILLIS = 2_000;

    private final DataSource database;
    private @Nullable Connection connection;
    private @Nullable PreparedStatement select;

    /** @param database of the hub */
    Arrivals(DataSource database) {
        this.database = database;
    }

    /**
     * Waits for it.
     *
     * @param sourceId what its door calls it
     * @param sentMillis since the epoch
     */
    Reply await(String sourceId, long sentMillis) {
        var until = System.nanoTime() + PATIENCE_NANOS;
        // ids rise with time (RFC 9562), so that nobody has to look through all that is stored
        var oldest = new UUID(sentMillis - CLOCKS_MAY_DIFFER_MILLIS << 16, 0);
        while (System.nanoTime() < until) {
            var id = find(sourceId, oldest);
            if (id != null) {
                return new Reply.Taken(id, false, "");
            }
            pause();
        }
        return new Reply.Wrong("the broker took it, and the hub never stores it", "");
    }

    private synchronized @Nullable String find(String sourceId, UUID oldest) {
        try {
            var asked = select;
            if (asked == null) {
                connection = database.getConnection();
                select = asked =
                        connection.prepareStatement("select id::text from delivery where id >= ? and source_id = ?");
            }
            asked.setObject(1, oldest);
            asked.setString(2, sourceId);
            try (var row = asked.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
