package io.dovetail.hostile;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Sound bodies with a few bytes changed, left out, doubled or put in: as many as one likes. */
final class Mutations {

    private static final List<String> PIECES = List.of(
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\u0000",
            "\uFEFF",
            "null",
            "1e9",
            "-",
            "\"a\":",
            "\\u0000",
            "\\ud83d",
            "<",
            ">",
            "</",
            "&",
            "&#0;",
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<?",
            "<!DOCTYPE a>",
            "/",
            "=",
            "'",
            " ",
            "\r\n",
            "é");

    private final Numbers numbers;
    private final Random random;
    private final List<Template> templates = Template.all();

    Mutations(Numbers numbers, Random random) {
        this.numbers = numbers;
        this.random = random;
    }

    Attack next() {
        var template = templates.get(random.nextInt(templates.size()));
        var number = numbers.next();
        var body = Template.bytes(template.with(number));
        for (var n = 1 + random.nextInt(3); n > 0; n--) {
            body = mutated(body, random);
        }
        var mutated = body;
        return Attack.of(
                "mutation", template.connector() + " " + number, Ending.ANY, () -> template.delivery(number, mutated));
    }

    static byte[] mutated(byte[] body, Random random) {
        var at = random.nextInt(body.length + 1);
        var to = Math.min(body.length, at + 1 + random.nextInt(12));
        return switch (random.nextInt(7)) {
            case 0 -> {
                var flipped = body.clone();
                if (at < flipped.length) {
                    flipped[at] ^= (byte) (1 << random.nextInt(8));
                }
                yield flipped;
            }
            case 1 -> Arrays.copyOf(body, at);
            case 2 -> joined(body, at, new byte[0], to);
            case 3 -> joined(body, to, Arrays.copyOfRange(body, at, to), to);
            case 4 -> {
                var bytes = new byte[1 + random.nextInt(4)];
                random.nextBytes(bytes);
                yield joined(body, at, bytes, at);
            }
            case 5 -> joined(body, at, Template.bytes(PIECES.get(random.nextInt(PIECES.size()))), to);
            default -> joined(body, at, Template.bytes(PIECES.get(random.nextInt(PIECES.size()))), at);
        };
    }

    private static byte[] joined(byte[] body, int until, byte[] middle, int from) {
        var out = new ByteArrayOutputStream();
        out.write(body, 0, until);
        out.writeBytes(middle);
        out.write(body, from, body.length - from);
        return out.toByteArray();
    }
}
