package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadFileTest {

    @TempDir
    private Path directory;

    private Path path;
    private HeadFile file;

    @BeforeEach
    void inAFolderThatIsNotThereYet() {
        path = directory.resolve("other/disk/audit.head");
        file = new HeadFile(path);
    }

    private static AuditHead head(long n) {
        return new AuditHead(
                n,
                "%064x".formatted(n * 31),
                Instant.parse("2026-05-01T12:00:00.123456Z").plusSeconds(n));
    }

    private void append(AuditHead head) throws IOException {
        file.append(head, heads -> Optional.empty());
    }

    @Test
    void keepsWhatItWasGiven() throws IOException {
        assertThat(file.heads()).isEmpty();
        append(head(1));
        append(head(7));
        assertThat(new HeadFile(path).heads()).containsExactly(head(1), head(7));
        assertThat(Files.readString(path).lines())
                .containsExactly(
                        "{\"n\":1,\"hash\":\"" + head(1).hash() + "\",\"at\":\"2026-05-01T12:00:01.123456Z\"}",
                        "{\"n\":7,\"hash\":\"" + head(7).hash() + "\",\"at\":\"2026-05-01T12:00:07.123456Z\"}");
    }

    /** A hub that is killed over a line leaves any part of it. */
    @Test
    void goesOnBehindHalfALine() throws IOException {
        append(head(1));
        var whole = Files.readString(path);
        append(head(2));
        var second = Files.readString(path).substring(whole.length());
        for (var length : new int[] {0, 1, 5, 40, second.length() - 2, second.length() - 1}) {
            Files.writeString(path, whole + second.substring(0, length));
            // without its line feed it is whole all the same
            var expected = length == second.length() - 1
                    ? new AuditHead[] {head(1), head(2), head(3)}
                    : new AuditHead[] {head(1), head(3)};
            append(head(3));
            assertThat(file.heads()).as(second.substring(0, length)).containsExactly(expected);
        }
    }

    @Test
    void passesOverWhatIsNoHead() throws IOException {
        append(head(1));
        Files.writeString(
                path,
                "x\n{}\n{\"n\":0,\"hash\":\"" + head(1).hash()
                        + "\",\"at\":\"2026-05-01T12:00:00Z\"}\n\u00ff\u0000\n[]\nnull\n",
                StandardOpenOption.APPEND);
        append(head(2));
        assertThat(file.heads()).containsExactly(head(1), head(2));
    }

    @Test
    void staysShortAndRemembersFromTheBeginning() throws IOException {
        Files.createDirectories(path.getParent());
        var lines = new StringBuilder();
        LongStream.rangeClosed(1, HeadFile.MOST_LINES)
                .mapToObj(HeadFileTest::head)
                .forEach(head -> lines.append(
                        "{\"n\":%d,\"hash\":\"%s\",\"at\":\"%s\"}\n".formatted(head.n(), head.hash(), head.at())));
        Files.writeString(path, lines);
        append(head(5_000));
        var heads = file.heads();
        assertThat(heads).hasSize(HeadFile.MOST_LINES * 3 / 4 + 1).startsWith(head(1), head(3), head(5));
        assertThat(heads.subList(heads.size() - 3, heads.size()))
                .containsExactly(head(HeadFile.MOST_LINES - 1), head(HeadFile.MOST_LINES), head(5_000));
        assertThat(directory.resolve("other/disk")).isDirectoryNotContaining("glob:**.new");
    }

    /** A head that a later one contradicts tells that rows were cut off: it stays. */
    @Test
    void neverForgetsAProof() throws IOException {
        Files.createDirectories(path.getParent());
        var lines = new StringBuilder();
        IntStream.rangeClosed(1, HeadFile.MOST_LINES)
                .mapToObj(n -> head(n == 100 ? 1_000_000 : n))
                .forEach(head -> lines.append(
                        "{\"n\":%d,\"hash\":\"%s\",\"at\":\"%s\"}\n".formatted(head.n(), head.hash(), head.at())));
        Files.writeString(path, lines);
        append(head(5_000));
        assertThat(file.heads()).contains(head(99), head(101), head(1_000_000)).doesNotContain(head(98));
    }

    /** The table was written anew since, with hashes that fit: there is no other trace of it. */
    @Test
    void neverForgetsTheHeadThatTheTableContradicts() throws IOException {
        Files.createDirectories(path.getParent());
        var lines = new StringBuilder();
        LongStream.rangeClosed(1, HeadFile.MOST_LINES)
                .mapToObj(HeadFileTest::head)
                .forEach(head -> lines.append(
                        "{\"n\":%d,\"hash\":\"%s\",\"at\":\"%s\"}\n".formatted(head.n(), head.hash(), head.at())));
        Files.writeString(path, lines);
        file.append(
                head(5_000),
                heads -> heads.stream().filter(head -> head.n() >= 100).findFirst());
        assertThat(file.heads()).contains(head(100)).doesNotContain(head(98), head(102));
    }

    @Test
    void saysWhenItCannotBeWritten() throws IOException {
        Files.writeString(directory.resolve("other"), "a file in the way");
        assertThatThrownBy(() -> append(head(1))).isInstanceOf(IOException.class);
    }
}
