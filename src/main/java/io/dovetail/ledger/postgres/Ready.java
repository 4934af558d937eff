package io.dovetail.ledger.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a server takes connections, as it says itself in {@code postmaster.pid}: nothing is asked over the network. */
final class Ready {

    private static final int STATUS_LINE = 7; // LOCK_FILE_LINE_PM_STATUS of PostgreSQL's pidfile.h, counted from 0

    private Ready() {}

    static boolean is(Path data, long pid) {
        try {
            var lines = Files.readAllLines(data.resolve("postmaster.pid"));
            return lines.size() > STATUS_LINE
                    && lines.get(0).strip().equals(Long.toString(pid))
                    && lines.get(STATUS_LINE).strip().equals("ready");
        } catch (IOException e) {
            return false; // not written yet
        }
    }

    /** A hundredth of a second: a server starts in some twenty of these. */
    static void pause() throws IOException {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for PostgreSQL", e);
        }
    }
}
