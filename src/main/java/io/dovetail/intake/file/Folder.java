package io.dovetail.intake.file;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** A folder into which others write, here or on another machine, opened for one look. */
interface Folder extends AutoCloseable {

    int MOST = 100_000;

    /** Where files go that are stored. */
    String DONE = "done";

    /** Where files go that never will be. */
    String REFUSED = "refused";

    DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** What lies in it but folders, in no order, {@value #MOST} at most. To be asked once. */
    List<Found> list() throws IOException;

    /** Whether it is still there as it was found. */
    boolean isUnchanged(Found found) throws IOException;

    InputStream read(Found found) throws IOException;

    /** Removes the file of its name with this behind it, if there is one. */
    void unmark(Found found, String marker) throws IOException;

    /** Puts it into {@link #DONE}, under a name that begins with the time. */
    void moveToDone(Found found, Instant now) throws IOException;

    /** Puts it into {@link #REFUSED}, beside a text that says why; no such file without a text, whatever happens. */
    void moveToRefused(Found found, String text, Instant now) throws IOException;

    @Override
    void close() throws IOException;

    /** Whether something of that name is there. */
    interface Taken {
        boolean is(String name) throws IOException;
    }

    /** A name that nothing there has, nor with that ending: moving would overwrite it. */
    static String free(Found found, Instant now, String ending, Taken taken) throws IOException {
        var stem = STAMP.format(now) + "-" + found.tame();
        for (var i = 1; ; i++) {
            var name = i == 1 ? stem : i + "-" + stem;
            if (!taken.is(name) && !taken.is(name + ending)) {
                return name;
            }
        }
    }
}
