package io.dovetail.hostile;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a server writes of each request, read as it grows. */
final class AccessLog {

    /**
     * A request.
     *
     * @param id the front's; {@code -} where there is none
     * @param state what became of it
     * @param rest what else is said of it, with its first line
     */
    record Line(String id, String state, String rest) {

        private static Line of(String text) {
            var words = (text + "  ").split(" ", 3);
            var rest = words[2].strip();
            return new Line(words[0], words[1], rest.substring(0, Math.min(LONGEST, rest.length())));
        }
    }

    // some request lines have a megabyte
    private static final int LONGEST = 200;

    private final Path file;
    private final List<Line> lines = new ArrayList<>();
    private long looked;

    AccessLog(Path file) {
        this.file = file;
    }

    List<Line> lines() {
        if (Files.exists(file)) {
            try (var log = new RandomAccessFile(file.toFile(), "r")) {
                var news = new byte[Math.toIntExact(log.length() - looked)];
                log.seek(looked);
                log.readFully(news);
                var text = new String(news, StandardCharsets.ISO_8859_1);
                // what is half written is read with its other half
                var whole = text.substring(0, text.lastIndexOf('\n') + 1);
                looked += whole.length();
                whole.lines().map(Line::of).forEach(lines::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return List.copyOf(lines);
    }
}
