package io.dovetail.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultipartCodecTest {

    /** Of "x\n", by sha256sum. */
    private static final String DIGEST = "73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac";

    private static final String BODY = """
            --b 1
            Content-Type: application/json; charset=utf-8

            {
              "a": 1.50
            }
            --b 1
            content-transfer-encoding: binary
            X-HASH: %s

            x

            --b 1--
            """.formatted(DIGEST);

    private final MultipartCodec codec = new MultipartCodec("X-Hash");

    private static byte[] bytes(String body) {
        return body.getBytes(ISO_8859_1);
    }

    @Test
    void readsTheFirstPartOnceTheOthersHaveProvedToBeWhole() throws MalformedException {
        assertThat(codec.read(bytes(BODY)).toString()).isEqualTo("{\"a\":1.50}");
        assertThat(codec.read(bytes(BODY.replaceAll("(?<!x)\n", "\r\n"))).toString())
                .isEqualTo("{\"a\":1.50}");
        assertThat(codec.read(bytes("{\"a\": 1}")).toString()).isEqualTo("{\"a\":1}");
        assertThat(codec.line(bytes(BODY), "/a")).hasValue(5);
    }

    @Test
    void asksNoProofOfWhatWasStored() throws MalformedException {
        var damaged = bytes(BODY.replace("x\n\n--", "y\n\n--"));
        assertThat(codec.readStored(damaged).toString()).isEqualTo("{\"a\":1.50}");
        assertThat(codec.line(damaged, "/a")).hasValue(5);
    }

    @Test
    void putsAnotherTreeIntoTheFirstPartAndLeavesTheRest() throws MalformedException {
        var tree = (ObjectNode) codec.read(bytes(BODY));
        tree.put("id", "b");
        var written = new String(codec.rewrite(bytes(BODY), tree), UTF_8);
        assertThat(written).isEqualTo(BODY.replaceFirst("(?s)\\{.*?}", "{\"a\":1.50,\"id\":\"b\"}"));
        assertThat(codec.read(bytes(written))).isEqualTo(tree);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x\\n\\n--|y\\n\\n--|The content of part 2 is not what",
                "x\\n\\n--|x\\n--|The content of part 2 is not what",
                "X-HASH|X-H|Part 2 has no header X-Hash",
                "73cb|73c|Part 2 has no header X-Hash",
                "73cb|xxxx|Part 2 has no header X-Hash",
                "binary|base64|Part 2 is encoded (base64)",
                "application/json|text/plain|The first part is not JSON",
                "--b 1--|--b 2--|Part 2 has no end",
                "\\n\\nx|\\nx|header line that is none",
                "X-HASH: |content-transfer-encoding: x\\nX-HASH: |or one twice",
                "{\\n|{{\\n|cannot be read",
            })
    void refusesWhatIsNotWhatItSays(String piece, String other, String why) {
        var from = piece.replace("\\n", "\n");
        assertThat(BODY).contains(from);
        assertThatThrownBy(() -> codec.read(bytes(BODY.replace(from, other.replace("\\n", "\n")))))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(why);
    }

    @Test
    void isNotDrownedByManyPartsOrEndlessHeaders() {
        var part = "--b\n\n";
        assertThatThrownBy(() -> codec.read(bytes(part.repeat(200) + "--b--")))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("more than 100 parts");
        assertThatThrownBy(() -> codec.read(bytes("--b\nX: " + "y".repeat(1_000_000))))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("8192 bytes");
        for (var odd :
                new String[] {"--", "--\n", "--b", "--b\n", "--b\n\n", "--b--", "--b x\ty\n\n{}\n--b--", "--b\n\n--b--"
                }) {
            assertThatThrownBy(() -> codec.read(bytes(odd))).as(odd).isInstanceOf(MalformedException.class);
        }
    }
}
