package io.dovetail.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The heads of the audit, one a line as JSON, in a file that whoever changes the database does not reach. What was
 * written is on the disk. Old lines become fewer, but never none, so that the file stays short.
 */
public final class HeadFile {

    static final int MOST_LINES = 4_096;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path file;

    public HeadFile(Path file) {
        this.file = file.toAbsolutePath().normalize();
    }

    public Path path() {
        return file;
    }

    /**
     * In the order in which they were written; none when there is no file. A line that is no head, as the last one of a
     * hub that was killed over it, is passed over.
     */
    public List<AuditHead> heads() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return Files.readString(file, StandardCharsets.ISO_8859_1)
                .lines()
                .flatMap(line -> head(line).stream())
                .toList();
    }

    private static Optional<AuditHead> head(String line) {
        try {
            var tree = MAPPER.readTree(line);
            return Optional.of(new AuditHead(
                    tree.path("n").asLong(),
                    tree.path("hash").asText(),
                    Instant.parse(tree.path("at").asText())));
        } catch (JsonProcessingException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /**
     * Adds a line; it is on the disk when this returns.
     *
     * @param contradicted the first of some heads that the table does not agree with
     */
    public void append(AuditHead head, Function<List<AuditHead>, Optional<AuditHead>> contradicted) throws IOException {
        var parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        var lines = heads();
        if (lines.size() >= MOST_LINES) {
            replace(thinned(lines, contradicted.apply(lines)));
        }
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var size = channel.size();
            // the half line of a hub that was killed is closed, so that this one stands alone
            var line = (endsWithoutNewline(channel, size) ? "\n" : "") + line(head);
            channel.position(size);
            write(channel, line);
        }
        if (lines.isEmpty() && parent != null) {
            sync(parent);
        }
    }

    private static boolean endsWithoutNewline(FileChannel channel, long size) throws IOException {
        if (size == 0) {
            return false;
        }
        var last = ByteBuffer.allocate(1);
        channel.read(last, size - 1);
        return last.get(0) != '\n';
    }

    /**
     * Every other line of the older half goes, but none that is a proof: that contradicts the one behind it, or is the
     * first that the table contradicts. More of those would keep the file from becoming shorter.
     */
    private static List<AuditHead> thinned(List<AuditHead> lines, Optional<AuditHead> contradicted) {
        var kept = new ArrayList<AuditHead>();
        for (var i = 0; i < lines.size(); i++) {
            var isOld = i < lines.size() / 2;
            var head = lines.get(i);
            if (!isOld
                    || i % 2 == 0
                    || head.n() >= lines.get(i + 1).n()
                    || contradicted.filter(head::equals).isPresent()) {
                kept.add(head);
            }
        }
        return kept;
    }

    private void replace(List<AuditHead> lines) throws IOException {
        var half = file.resolveSibling(file.getFileName() + ".new");
        try (var channel = FileChannel.open(
                half, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            var text = new StringBuilder();
            lines.forEach(head -> text.append(line(head)));
            write(channel, text.toString());
        }
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String line(AuditHead head) {
        return "{\"n\":%d,\"hash\":\"%s\",\"at\":\"%s\"}\n".formatted(head.n(), head.hash(), head.at());
    }

    private static void write(FileChannel channel, String text) throws IOException {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    private static void sync(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
