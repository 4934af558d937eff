package io.dovetail.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a virtual disk holds after the power went. */
class DriveTest {

    private static final int SECTOR = 512;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Drive drive;
    private int entries;
    private int flushed;

    @BeforeEach
    void plugIn() throws IOException {
        Files.writeString(directory.resolve("disk.img"), ".".repeat(8 * SECTOR));
        drive = new Drive(directory);
        drive.plugIn();
    }

    @Test
    void keepsWhatItWasToldToFlush() throws Exception {
        written(1, "a");
        written(3, "b");
        flush();
        written(1, "c");
        written(5, "d");
        flush();

        assertThat(afterPowerLoss(1)).isEqualTo(".c.b.d..");
    }

    @Test
    void mayLoseOrKeepAnythingElse() throws Exception {
        var found = new HashSet<String>();
        for (var seed = 0; seed < 60; seed++) {
            log.reset();
            entries = 0;
            written(0, "a");
            flush();
            written(0, "b");
            written(1, "c");
            found.add(afterPowerLoss(seed));
            plugIn();
        }

        assertThat(found).isEqualTo(Set.of("a.......", "b.......", "ac......", "bc......"));
    }

    @Test
    void holdsWhatItHeldWhenNothingWasFlushedYet() throws Exception {
        assertThat(afterPowerLoss(1)).isEqualTo("........");
    }

    /** QEMU ended in the middle of writing it down. */
    @Test
    void doesNotTakeHalfAWriteForOne() throws Exception {
        written(0, "a");
        flush();
        written(1, "b");
        var whole = log();
        for (var seed = 0; seed < 20; seed++) {
            Files.write(directory.resolve("disk.log"), Arrays.copyOf(whole, whole.length - 100));
            drive.losePower(new Random(seed));
            assertThat(disk()).isEqualTo("a.......");
            plugIn();
        }
    }

    /** As QEMU's block/blklogwrites.c does it: a sector of head, and the data. */
    private void written(long sector, String letter) {
        entry(sector, 1, 0);
        log.writeBytes(letter.repeat(SECTOR).getBytes(StandardCharsets.US_ASCII));
    }

    private void flush() {
        entry(0, 0, 1);
        flushed = entries;
    }

    private void entry(long sector, long sectors, long flags) {
        log.writeBytes(ByteBuffer.allocate(SECTOR)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(sector)
                .putLong(sectors)
                .putLong(flags)
                .array());
        entries++;
    }

    private byte[] log() {
        if (entries == 0) {
            return new byte[0];
        }
        var whole = ByteBuffer.allocate(SECTOR + log.size()).order(ByteOrder.LITTLE_ENDIAN);
        whole.putLong(0x6a736677736872L).putLong(1).putLong(flushed).putInt(SECTOR);
        return whole.position(SECTOR).put(log.toByteArray()).array();
    }

    private String afterPowerLoss(long seed) throws IOException {
        Files.write(directory.resolve("disk.log"), log());
        drive.losePower(new Random(seed));
        return disk();
    }

    /** A letter a sector. */
    private String disk() throws IOException {
        var bytes = Files.readAllBytes(directory.resolve("disk.img"));
        return IntStream.range(0, bytes.length / SECTOR)
                .mapToObj(sector -> String.valueOf((char) bytes[sector * SECTOR]))
                .reduce("", String::concat);
    }
}
