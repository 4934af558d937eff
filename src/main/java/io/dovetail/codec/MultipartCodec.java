package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/**
 * JSON, alone or as the first part of {@code multipart/mixed}. Each further part is a file that the JSON speaks of, and proves
 * by a digest in a header that it has come whole; nothing else is read of it.
 */
public final class MultipartCodec implements Codec {

    private static final Set<String> AS_IT_IS = Set.of("", "7bit", "8bit", "binary");

    private final JsonCodec json = new JsonCodec();
    private final String digest;

    /** @param digest the header in which a part says its digest */
    public MultipartCodec(String digest) {
        this.digest = digest;
    }

    @Override
    public long treeSize(byte[] raw) {
        return json.treeSize(raw);
    }

    @Override
    public JsonNode read(byte[] raw) throws MalformedException {
        if (Multipart.isOne(raw)) {
            check(raw, Multipart.parts(raw));
        }
        return readStored(raw);
    }

    @Override
    public JsonNode readStored(byte[] raw) throws MalformedException {
        return json.read(first(raw));
    }

    /** That they are of the form that is understood, and whole. */
    private void check(byte[] raw, List<Multipart.Part> parts) throws MalformedException {
        for (var i = 0; i < parts.size(); i++) {
            var encoding = parts.get(i).headers().getOrDefault("Content-Transfer-Encoding", "");
            if (!AS_IT_IS.contains(encoding.toLowerCase(Locale.ROOT))) {
                throw new MalformedException("Part " + (i + 1) + " is encoded (" + encoding.replaceAll("[^\\w-]", "?")
                        + "): over HTTP it is sent as it is, binary.");
            }
            if (i > 0) {
                Multipart.check(raw, parts.get(i), i + 1, digest);
            }
        }
        var type = parts.getFirst().headers().getOrDefault("Content-Type", "").toLowerCase(Locale.ROOT);
        if (!type.matches("application/json\\s*(;.*)?")) {
            throw new MalformedException("The first part is not JSON: its Content-Type must be application/json.");
        }
    }

    private static byte[] first(byte[] raw) throws MalformedException {
        if (!Multipart.isOne(raw)) {
            return raw;
        }
        var first = Multipart.parts(raw).getFirst();
        return Arrays.copyOfRange(raw, first.start(), first.end());
    }

    @Override
    public byte[] rewrite(byte[] raw, JsonNode tree) throws MalformedException {
        if (!Multipart.isOne(raw)) {
            return json.rewrite(raw, tree);
        }
        var first = Multipart.parts(raw).getFirst();
        var out = new ByteArrayOutputStream(raw.length + 64);
        out.write(raw, 0, first.start());
        out.writeBytes(JsonCodec.write(tree));
        out.write(raw, first.end(), raw.length - first.end());
        return out.toByteArray();
    }

    @Override
    public OptionalInt line(byte[] raw, String pointer) {
        try {
            var start = Multipart.isOne(raw) ? Multipart.parts(raw).getFirst().start() : 0;
            var line = json.line(first(raw), pointer);
            return line.isEmpty() ? line : OptionalInt.of(line.getAsInt() + lines(raw, start));
        } catch (MalformedException e) {
            return OptionalInt.empty();
        }
    }

    private static int lines(byte[] raw, int end) {
        var lines = 0;
        for (var i = 0; i < end; i++) {
            lines += raw[i] == '\n' ? 1 : 0;
        }
        return lines;
    }
}
