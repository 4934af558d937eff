package io.dovetail.codec;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of interchanges, byte for byte: each piece is one of them, from ISA, UNA or UNB to the end of IEA or UNZ.
 * Delimiters are plain characters in every charset that is read, or two or three bytes of UTF-8; what is in between does
 * not matter here. An interchange without its end goes as far as the next begins: whether that may be is the codec's
 * business.
 */
public final class EdiCutter implements Cutter {

    private static final Set<String> BEGINNINGS = Set.of("ISA", "UNA", "UNB");
    private static final int ISA_ELEMENTS = 16;
    private static final int LONGEST_HEADER = 512;

    private final InputStream in;
    private final int most;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    private int ahead;
    private long line = 1;
    private long begin = 1;
    private int count;

    /** @param most how many bytes an interchange may have */
    public EdiCutter(InputStream in, int most) throws IOException {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.most = most;
        this.in.mark(3);
        if (this.in.read() != 0xEF || this.in.read() != 0xBB || this.in.read() != 0xBF) {
            this.in.reset();
        }
        ahead = this.in.read();
    }

    @Override
    public @Nullable Piece next() throws IOException, MalformedException {
        while (isBlank(ahead)) {
            step();
        }
        if (ahead < 0) {
            return null;
        }
        piece.reset();
        count++;
        begin = line;
        var head = letters(3);
        return switch (head) {
            case "ISA" -> x12();
            case "UNA", "UNB" -> edifact(head);
            default ->
                throw new MalformedException(
                        "The body cannot be read at line " + begin + ": an interchange begins with ISA, UNA or UNB.");
        };
    }

    /** The elements of ISA are counted, and not its characters: some senders cut its blanks. */
    private Piece x12() throws IOException, MalformedException {
        var separator = take();
        var header = new StringBuilder();
        for (var element = 1; element < ISA_ELEMENTS; ) {
            var c = take();
            element += c == separator ? 1 : 0;
            header.append((char) c);
            if (header.length() > LONGEST_HEADER) {
                throw fault("its ISA does not end");
            }
        }
        take(); // what separates components
        var delimiters = new Delimiters(terminator(), separator, -1);
        return piece("IEA", delimiters, element(header.toString(), separator, 12));
    }

    private byte[] terminator() throws IOException, MalformedException {
        var first = take();
        var length = first >= 0xE0 && isContinued() ? 3 : first >= 0xC2 && isContinued() ? 2 : 1;
        var bytes = new byte[length];
        bytes[0] = (byte) first;
        for (var i = 1; i < length; i++) {
            bytes[i] = (byte) take();
        }
        return bytes;
    }

    private boolean isContinued() {
        return ahead >= 0x80 && ahead < 0xC0;
    }

    private Piece edifact(String head) throws IOException, MalformedException {
        var delimiters = new Delimiters(new byte[] {'\''}, '+', '?');
        if (head.equals("UNA")) {
            take();
            var separator = take();
            take();
            var release = take();
            take();
            delimiters = new Delimiters(new byte[] {(byte) take()}, separator, release == ' ' ? -1 : release);
            while (isBlank(ahead)) {
                take();
            }
            if (!letters(3).equals("UNB")) {
                throw fault("behind UNA comes UNB");
            }
        }
        var unb = segment("UNB", delimiters);
        return piece("UNZ", delimiters, element(unb, delimiters.separator, 5));
    }

    private static String element(String header, int separator, int place) {
        var elements = header.split(Pattern.quote(String.valueOf((char) separator)), -1);
        return elements.length > place ? elements[place] : "";
    }

    /** @param separator between elements; @param release what takes the meaning from what follows it; -1: nothing does */
    private record Delimiters(byte[] terminator, int separator, int release) {}

    /** All that follows the header, as far as its end or the next one's beginning. */
    private Piece piece(String end, Delimiters delimiters, String number) throws IOException, MalformedException {
        while (true) {
            while (isBlank(ahead) && ahead != delimiters.terminator[0]) {
                take();
            }
            if (ahead < 0) {
                break;
            }
            in.mark(2);
            var tag = "" + (char) ahead + (char) in.read() + (char) in.read();
            in.reset();
            if (BEGINNINGS.contains(tag)) {
                break;
            }
            segment("", delimiters);
            if (tag.equals(end)) {
                break;
            }
        }
        return new Piece(piece.toByteArray(), number.strip());
    }

    /** The rest of a segment, to its end or the stream's. */
    private String segment(String begun, Delimiters delimiters) throws IOException, MalformedException {
        var text = new StringBuilder(begun);
        var matched = 0;
        while (ahead >= 0 && matched < delimiters.terminator.length) {
            var c = take();
            if (c == delimiters.release && ahead >= 0) {
                c = take();
                matched = 0;
            } else {
                matched = c == (delimiters.terminator[matched] & 0xFF) ? matched + 1 : 0;
            }
            if (text.length() < LONGEST_HEADER) {
                text.append((char) c);
            }
        }
        return text.substring(0, Math.max(0, text.length() - matched));
    }

    private String letters(int length) throws IOException, MalformedException {
        var letters = new byte[length];
        for (var i = 0; i < length; i++) {
            letters[i] = (byte) take();
        }
        return new String(letters, StandardCharsets.ISO_8859_1);
    }

    private int take() throws IOException, MalformedException {
        if (ahead < 0) {
            throw fault("it ends in the middle of its header");
        }
        if (piece.size() >= most) {
            throw fault("it has more than " + most + " bytes, and no more are taken at once");
        }
        var c = ahead;
        piece.write(c);
        step();
        return c;
    }

    private void step() throws IOException {
        line += ahead == '\n' ? 1 : 0;
        ahead = in.read();
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private MalformedException fault(String what) {
        return new MalformedException(
                "The interchange no. " + count + ", which begins at line " + begin + ", cannot be read: " + what + ".");
    }
}
