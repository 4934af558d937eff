package io.dovetail.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;

/**
 * A virtual disk with a memory of its own, as disks have: when the power goes, what was written and not flushed is lost,
 * or some of it is there and some is not, in no order. QEMU writes down what its guest writes and flushes, in the form of
 * Linux's dm-log-writes (drivers/md/dm-log-writes.c), and from that the disk is made anew as it would have been.
 */
final class Drive {

    private static final int SECTOR = 512;
    private static final long MAGIC = 0x6a736677736872L;
    private static final long FLUSHED = 1;
    private static final long DISCARDED = 1 << 2;

    private final Path image;
    private final Path before;
    private final Path log;

    Drive(Path directory) {
        image = directory.resolve("disk.img");
        before = directory.resolve("disk.before");
        log = directory.resolve("disk.log");
    }

    /** Makes its file system, with these files in it. */
    void format(Path files, String owner) throws IOException {
        Programs.run("truncate", "-s", "4G", image.toString());
        Programs.run(
                "mke2fs", "-q", "-t", "ext4", "-E", "root_owner=" + owner, "-d", files.toString(), image.toString());
    }

    /** What QEMU is told of it; from now on it is written down. */
    List<String> plugIn() throws IOException {
        Programs.run("cp", "--sparse=always", image.toString(), before.toString());
        Files.deleteIfExists(log);
        Files.createFile(log);
        // whether this machine's own disk is flushed is of no interest here, since none of it will be switched off
        return List.of(
                "-blockdev",
                "driver=file,node-name=image,cache.no-flush=on,filename=" + image,
                "-blockdev",
                "driver=file,node-name=log,cache.no-flush=on,filename=" + log,
                "-blockdev",
                "driver=blklogwrites,node-name=drive,file=image,log=log,log-super-update-interval=1000000000",
                "-device",
                "virtio-blk-pci,drive=drive,discard=off,write-zeroes=off");
    }

    /** Forgets what it was not told to keep: nothing of it, all of it, or whatever chance says. */
    void losePower(Random random) throws IOException {
        var kept = random.nextInt(3) / 2.0;
        try (var log = FileChannel.open(this.log, StandardOpenOption.READ);
                var disk = FileChannel.open(before, StandardOpenOption.WRITE)) {
            if (log.size() > 0) {
                replay(log, disk, () -> random.nextDouble() < kept);
            }
        }
        Files.move(before, image, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Whether a write is there although nobody had it flushed. */
    private interface Chance {
        boolean keeps();
    }

    private static void replay(FileChannel log, FileChannel disk, Chance chance) throws IOException {
        var first = read(log, 0, SECTOR);
        if (first.getLong(0) != MAGIC || first.getInt(24) != SECTOR) {
            throw new IOException("this is no log of writes");
        }
        // the head is written with each flush, and counts the writes before it
        var flushed = first.getLong(16);
        var at = (long) SECTOR;
        for (var n = 0L; at + SECTOR <= log.size(); n++) {
            var entry = read(log, at, SECTOR);
            at += SECTOR;
            var length = (int) entry.getLong(8) * SECTOR;
            if ((entry.getLong(16) & (FLUSHED | DISCARDED)) == 0) {
                if (at + length > log.size()) {
                    return;
                }
                if (n < flushed || chance.keeps()) {
                    write(disk, entry.getLong(0) * SECTOR, read(log, at, length));
                }
                at += length;
            }
        }
    }

    private static ByteBuffer read(FileChannel file, long at, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) >= 0) {
            // until all of it is there
        }
        return bytes.flip();
    }

    private static void write(FileChannel file, long at, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }
}
