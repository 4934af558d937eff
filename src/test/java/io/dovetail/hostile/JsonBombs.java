package io.dovetail.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/** JSON that is too deep, too much, ambiguous, or in other characters than it says. */
record JsonBombs(Numbers numbers) {

    List<Attack> attacks() {
        var all = new ArrayList<Attack>();
        for (var template : Template.all()) {
            if (template.isJson()) {
                all.addAll(sizes(template));
                all.addAll(repeatedNames(template));
                all.addAll(broken(template));
                all.addAll(characters(template));
                all.addAll(encodings(template));
            }
        }
        return all;
    }

    private List<Attack> sizes(Template template) {
        var all = new ArrayList<Attack>();
        for (var depth : List.of(66, 100, 1_000, 100_000)) {
            all.add(beside(template, depth + " lists", Ending.REFUSAL, "[".repeat(depth) + "]".repeat(depth)));
            all.add(beside(
                    template, depth + " objects", Ending.REFUSAL, "{\"a\":".repeat(depth) + "1" + "}".repeat(depth)));
            all.add(whole(template, depth + " open lists", Ending.REFUSAL, () -> "[".repeat(depth)));
            all.add(whole(template, depth + " open objects", Ending.REFUSAL, () -> "{\"a\":".repeat(depth)));
        }
        all.add(whole(template, "a million open lists", Ending.REFUSAL, () -> "[".repeat(1_000_000)));
        all.add(whole(template, "500,000 lists", Ending.REFUSAL, () -> "[".repeat(500_000) + "]".repeat(500_000)));
        all.add(beside(template, "60 lists", Ending.TAKEN, "[".repeat(60) + "]".repeat(60)));
        for (var number : List.of(
                "1e400000000",
                "1e1200",
                "1e-1200",
                "9".repeat(101),
                "9".repeat(200_000),
                "1." + "0".repeat(100_000),
                "1e" + "9".repeat(5_000),
                "-1E+99999999999999999999")) {
            all.add(beside(template, "number " + number, Ending.REFUSAL, number));
        }
        all.add(beside(template, "number 1e999", Ending.TAKEN, "1e999"));
        all.add(beside(template, "a name of 300", Ending.REFUSAL, "{\"" + "n".repeat(300) + "\": 1}"));
        all.add(beside(template, "a name of 100,000", Ending.REFUSAL, "{\"" + "n".repeat(100_000) + "\": 1}"));
        all.add(beside(template, "200,000 numbers", Ending.TAKEN, "[" + "1,".repeat(200_000) + "1]"));
        all.add(beside(template, "20,000 names", Ending.TAKEN, names(20_000)));
        all.add(beside(template, "28,000 names of one hash", Ending.TAKEN, colliding(28_000)));
        all.add(beside(template, "text of 900,000", Ending.TAKEN, "\"" + "x".repeat(900_000) + "\""));
        all.add(beside(template, "150,000 escapes", Ending.TAKEN, "\"" + "\\u0041".repeat(150_000) + "\""));
        all.add(whole(template, "900,000 blanks", Ending.REFUSAL, () -> " ".repeat(900_000)));
        all.add(whole(template, "more than it takes", Ending.REFUSAL, () -> "[\"" + "x".repeat(1 << 20) + "\"]"));
        all.add(whole(template, "much more than it takes", Ending.REFUSAL, () -> " ".repeat(3 << 20)));
        return all;
    }

    private static String names(int count) {
        var object = new StringBuilder("{");
        for (var i = 0; i < count; i++) {
            object.append('"').append(i).append("\":1,");
        }
        return object.append("\"last\":1}").toString();
    }

    /** "Aa" and "BB" have one hash, and so has every row of them. */
    private static String colliding(int count) {
        var bits = Integer.SIZE - Integer.numberOfLeadingZeros(count);
        var object = new StringBuilder("{");
        for (var i = 0; i < count; i++) {
            var n = i;
            object.append('"');
            IntStream.range(0, bits).forEach(bit -> object.append((n >> bit & 1) == 0 ? "Aa" : "BB"));
            object.append("\":1,");
        }
        return object.append("\"last\":1}").toString();
    }

    private List<Attack> repeatedNames(Template template) {
        var all = new ArrayList<Attack>();
        for (var value : List.of(
                "{\"a\": 1, \"a\": 1}",
                "{\"a\": 1, \"\\u0061\": 2}",
                "[{\"b\": {\"c\": 1, \"c\": 2}}]",
                "{\"\": 1, \"\": 2}",
                "{\"__proto__\": 1, \"__proto__\": 2}")) {
            all.add(beside(template, value, Ending.REFUSAL, value));
        }
        all.add(beside(template, "names that differ by case", Ending.TAKEN, "{\"a\": 1, \"A\": 2}"));
        all.add(beside(template, "names that differ by form", Ending.TAKEN, "{\"\u00E9\": 1, \"e\u0301\": 2}"));
        for (var place : template.places()) {
            if (place.lastIndexOf('/') == 0) {
                var name = place.substring(1);
                for (var first : List.of(true, false)) {
                    all.add(whole(template, "twice " + name, Ending.REFUSAL, () -> {
                        var body = template.with(numbers.next()).strip();
                        var twin = "\"" + name + "\": \"other\"";
                        return first
                                ? "{" + twin + "," + body.substring(1)
                                : body.substring(0, body.length() - 1) + "," + twin + "}";
                    }));
                }
            }
        }
        return all;
    }

    private List<Attack> broken(Template template) {
        var all = new ArrayList<Attack>();
        for (var text : List.of(
                "",
                " ",
                "\u0000",
                "{",
                "}",
                "[",
                "]",
                "\"",
                "[1,]",
                "{\"a\":1,}",
                "{'a':1}",
                "{a:1}",
                "NaN",
                "Infinity",
                "-",
                "+1",
                ".5",
                "1.",
                "01",
                "0x1",
                "1e",
                "1e+",
                "tru",
                "nul",
                "TRUE",
                "\"\t\"",
                "\"\n\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12G4\"",
                "[1 2]",
                "{\"a\" 1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\"}",
                "{1:1}",
                "/**/{}",
                "{}//",
                "#{}",
                "{}{}",
                "{}x",
                "[],",
                "--1",
                "1-1",
                "\\u007b}",
                "<x/>",
                "---\na: 1",
                "a: 1",
                ")]}',\n{}",
                "\"\\ud83d\"",
                "\"\\udca5\"",
                "\"\\ud83d\\ud83d\"",
                "\u001E{}",
                "{}\u0000",
                "\uFEFF\uFEFF{}")) {
            all.add(whole(template, text, Ending.REFUSAL, () -> text));
            all.add(whole(
                    template,
                    "behind it: " + text,
                    text.isBlank() && !text.equals("\u0000") ? Ending.TAKEN : Ending.REFUSAL,
                    () -> template.with(numbers.next()) + text));
        }
        return all;
    }

    private List<Attack> characters(Template template) {
        var all = new ArrayList<Attack>();
        for (var charset : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "IBM500", "UTF-7x")) {
            if (Charset.isSupported(charset)) {
                all.add(raw(template, charset, Ending.REFUSAL, body -> body.getBytes(Charset.forName(charset))));
            }
        }
        for (var bad : List.of(
                new int[] {0xC0, 0xAF},
                new int[] {0xC1, 0x81},
                new int[] {0xE0, 0x80, 0xAF},
                new int[] {0xED, 0xA0, 0x80},
                new int[] {0xED, 0xBF, 0xBF},
                new int[] {0xF0, 0x80, 0x80, 0x80},
                new int[] {0xF4, 0x90, 0x80, 0x80},
                new int[] {0xF8, 0x88, 0x80, 0x80, 0x80},
                new int[] {0xFF},
                new int[] {0xFE},
                new int[] {0x80},
                new int[] {0xC3},
                new int[] {0xE2, 0x82},
                new int[] {0xE4})) {
            all.add(raw(template, "bytes of no character " + java.util.Arrays.toString(bad), Ending.REFUSAL, body -> {
                var out = new ByteArrayOutputStream();
                var at = body.lastIndexOf('"');
                out.writeBytes(Template.bytes(body.substring(0, at)));
                for (var b : bad) {
                    out.write(b);
                }
                out.writeBytes(Template.bytes(body.substring(at)));
                return out.toByteArray();
            }));
        }
        all.add(raw(template, "a byte order mark", Ending.TAKEN, body -> Template.bytes("\uFEFF" + body)));
        for (var charset :
                List.of("utf-16", "iso-8859-1", "x-unknown", "\"utf-8\"", "utf-8;utf-7", "../../x", "${jndi:x}")) {
            var number = numbers.next();
            all.add(Attack.of(
                    "charset",
                    template.connector() + " says " + charset,
                    Ending.ANY,
                    () -> template.sound(number).withMedia("application/json; charset=" + charset)));
        }
        return all;
    }

    /** Packed bodies are not taken, whatever they would unpack to. */
    private List<Attack> encodings(Template template) {
        var all = new ArrayList<Attack>();
        for (var encoding : List.of(
                "gzip",
                "x-gzip",
                "deflate",
                "br",
                "zstd",
                "compress",
                "gzip, gzip",
                "identity",
                "GZIP",
                "gzip,identity",
                "*",
                "x",
                "gzip;q=0",
                "aws-chunked",
                "../x")) {
            all.add(packed(template, encoding, "sound", () -> gzip(Template.bytes(template.with(numbers.next())))));
            all.add(packed(template, encoding, "not packed", () -> Template.bytes(template.with(numbers.next()))));
        }
        all.add(packed(template, "gzip", "50 MB of blanks", () -> gzip(new byte[50 << 20])));
        all.add(packed(template, "gzip, gzip", "50 MB twice packed", () -> gzip(gzip(new byte[50 << 20]))));
        all.add(packed(template, "gzip", "cut", () -> java.util.Arrays.copyOf(gzip(new byte[100]), 15)));
        return all;
    }

    private Attack packed(Template template, String encoding, String what, Supplier<byte[]> body) {
        return Attack.of(
                "encoding",
                template.connector() + " " + encoding + ", " + what,
                Ending.REFUSAL,
                () -> template.delivery(numbers.next(), body.get())
                        .with("Content-Encoding", encoding)
                        .bent(HttpForm.of(sound -> sound)));
    }

    private static byte[] gzip(byte[] content) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private Attack beside(Template template, String name, Set<Ending> ends, String value) {
        var number = numbers.next();
        return Attack.of(
                "json",
                template.connector() + " beside: " + name,
                ends,
                () -> template.delivery(
                        number,
                        Template.bytes("{\"beside\": " + value + ","
                                + template.with(number).strip().substring(1))));
    }

    private Attack whole(Template template, String name, Set<Ending> ends, Supplier<String> text) {
        return Attack.of(
                "json",
                template.connector() + " " + name,
                ends,
                () -> template.delivery(numbers.next(), Template.bytes(text.get())));
    }

    private Attack raw(
            Template template, String name, Set<Ending> ends, java.util.function.Function<String, byte[]> bytes) {
        var number = numbers.next();
        return Attack.of(
                "characters",
                template.connector() + " " + name,
                ends,
                () -> template.delivery(number, bytes.apply(template.with(number))));
    }
}
