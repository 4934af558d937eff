package io.dovetail.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.dovetail.event.Digests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A body of several parts (RFC 2046, 5.1), by its own first line: nothing stands before it. Lines of delimiters and headers
 * end in CRLF or LF; contents are bytes.
 */
final class Multipart {

    private static final int MOST_PARTS = 100;
    private static final int MOST_HEADERS = 8 * 1024;
    private static final Pattern DELIMITER = Pattern.compile("--[A-Za-z0-9'()+_,./:=? -]{0,69}[A-Za-z0-9'()+_,./:=?-]");

    /** By the length of their hex digits. */
    private static final Map<Integer, String> DIGESTS =
            Map.of(56, "SHA-224", 64, "SHA-256", 96, "SHA-384", 128, "SHA-512");

    /**
     * @param headers by name, whatever letters it was written in
     * @param start where its content begins in the body
     * @param end behind its last byte
     */
    record Part(Map<String, String> headers, int start, int end) {}

    private Multipart() {}

    static boolean isOne(byte[] raw) {
        // no JSON begins so
        return raw.length > 2 && raw[0] == '-' && raw[1] == '-';
    }

    static List<Part> parts(byte[] raw) throws MalformedException {
        var first = lineEnd(raw, 0);
        var delimiter = Arrays.copyOfRange(raw, 0, Math.min(trimmed(raw, 0, first), 100));
        if (!DELIMITER.matcher(new String(delimiter, ISO_8859_1)).matches()) {
            throw new MalformedException(
                    "The body begins with no delimiter: expected -- and a boundary of 1 to 70 characters.");
        }
        var parts = new ArrayList<Part>();
        var at = Math.min(first + 1, raw.length);
        while (true) {
            if (parts.size() == MOST_PARTS) {
                throw new MalformedException("The body has more than " + MOST_PARTS + " parts.");
            }
            var number = parts.size() + 1;
            var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
            var start = headers(raw, at, headers, number);
            var next = delimiter(raw, start, delimiter);
            if (next < 0) {
                throw new MalformedException("Part " + number + " has no end: its delimiter does not come again.");
            }
            // the line's end before a delimiter belongs to it
            parts.add(new Part(
                    headers, start, Math.max(start, next > start && raw[next - 1] == '\r' ? next - 1 : next)));
            var behind = next + 1 + delimiter.length;
            if (behind + 1 < raw.length && raw[behind] == '-' && raw[behind + 1] == '-') {
                return List.copyOf(parts);
            }
            at = lineEnd(raw, behind) + 1;
            if (trimmed(raw, behind, at - 1) != behind || at > raw.length) {
                throw new MalformedException("Behind the delimiter of part " + number + " there is more on its line.");
            }
        }
    }

    /** Checks what a part says of itself in a header: the digest (SHA-2, in hex) of its content. */
    static void check(byte[] raw, Part part, int number, String header) throws MalformedException {
        var said = part.headers().getOrDefault(header, "").toLowerCase(Locale.ROOT);
        var algorithm = DIGESTS.get(said.length());
        if (algorithm == null || !said.matches("[0-9a-f]+")) {
            throw new MalformedException(
                    "Part " + number + " has no header " + header + " with a SHA-2 digest in hex.");
        }
        var digest = Digests.of(algorithm);
        digest.update(raw, part.start(), part.end() - part.start());
        if (!HexFormat.of().formatHex(digest.digest()).equals(said)) {
            throw new MalformedException(
                    "The content of part " + number + " is not what its header " + header + " says.");
        }
    }

    /** Gives where the content begins. */
    private static int headers(byte[] raw, int from, Map<String, String> headers, int number)
            throws MalformedException {
        var at = from;
        while (at < raw.length) {
            var end = lineEnd(raw, at);
            if (end - from > MOST_HEADERS) {
                break;
            }
            var line = new String(raw, at, trimmed(raw, at, end) - at, ISO_8859_1);
            at = end + 1;
            if (line.isEmpty()) {
                return Math.min(at, raw.length);
            }
            var colon = line.indexOf(':');
            if (colon < 1
                    || headers.put(
                                    line.substring(0, colon),
                                    line.substring(colon + 1).strip())
                            != null) {
                throw new MalformedException("Part " + number + " has a header line that is none, or one twice.");
            }
        }
        throw new MalformedException(
                "The headers of part " + number + " have no end, or more than " + MOST_HEADERS + " bytes.");
    }

    /** Where the line's end before the next delimiter is; -1: there is none. A content may be empty. */
    private static int delimiter(byte[] raw, int from, byte[] delimiter) {
        for (var at = from - 1; at + delimiter.length < raw.length; at++) {
            if (raw[at] == '\n'
                    && Arrays.equals(raw, at + 1, at + 1 + delimiter.length, delimiter, 0, delimiter.length)) {
                return at;
            }
        }
        return -1;
    }

    private static int lineEnd(byte[] raw, int from) {
        var at = from;
        while (at < raw.length && raw[at] != '\n') {
            at++;
        }
        return at;
    }

    /** Without the white space at its end. */
    private static int trimmed(byte[] raw, int from, int end) {
        var at = Math.min(end, raw.length);
        while (at > from && (raw[at - 1] == '\r' || raw[at - 1] == ' ' || raw[at - 1] == '\t')) {
            at--;
        }
        return at;
    }
}
