package io.dovetail.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The hub's disk is a small file system in a file. It fills up to less than the hub wants to be free, or to the last
 * byte, and has room again.
 */
final class FullDisk implements Fault {

    private static final long LEAST_FREE_MIB = 200;
    private static final String SIZE = "4G";

    private final Duration away;
    private @Nullable Path disk;
    private int blows;

    FullDisk(Duration away) {
        this.away = away;
    }

    /** Why this cannot be done here; null when it can. */
    static @Nullable String whyNot(Path directory) {
        var place = directory.resolve("loop");
        try (var disk = new FullDisk(Duration.ZERO)) {
            disk.place(Files.createDirectories(place));
            return null;
        } catch (IOException e) {
            return "a file system in a file cannot be mounted here (" + e.getMessage() + ")";
        } finally {
            Template.delete(place);
        }
    }

    @Override
    public Path place(Path directory) throws IOException {
        var image = directory.resolve("disk.img").toString();
        var mounted = Files.createDirectories(directory.resolve("disk"));
        Programs.run("truncate", "-s", SIZE, image);
        Programs.run("mkfs.ext4", "-q", "-F", "-m", "0", image);
        Programs.run("mount", "-o", "loop", image, mounted.toString());
        disk = mounted;
        return mounted;
    }

    @Override
    public void prepare(Trial trial) {
        trial.hub.setting("HUB_MINDISKFREE", LEAST_FREE_MIB + "MB");
    }

    @Override
    public int strike(Trial trial, Random random) throws IOException, InterruptedException {
        var ballast = disk.resolve("ballast");
        // to the brink, where the hub shuts its doors; and then without warning to the last byte
        fill(ballast, blows++ % 2 == 0 ? LEAST_FREE_MIB / 2 : 0);
        try {
            Thread.sleep(away);
        } finally {
            Files.delete(ballast);
        }
        if (!trial.hub.isAlive()) {
            // as whatever supervises it would
            trial.hub.awaitExit(Duration.ZERO);
            trial.hub.launch();
            trial.hub.requireReady();
        }
        trial.awaitAnswers(20);
        return 1;
    }

    private void fill(Path ballast, long leaveMiB) throws IOException {
        var bytes = Files.getFileStore(disk).getUsableSpace() - (leaveMiB << 20);
        // what the hub writes at the same moment is its own
        for (var left = Math.max(bytes, 1 << 20); left > 0; left -= 8 << 20) {
            try {
                Programs.run("fallocate", "-l", Long.toString(left), ballast.toString());
                return;
            } catch (IOException e) {
                // a little less then
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (disk != null) {
            Programs.run("umount", disk.toString());
        }
    }
}
