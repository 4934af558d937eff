package io.dovetail.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCodecTest {

    private final JsonCodec codec = new JsonCodec();

    @Test
    void keepsDecimalsAndBigNumbersExactly() throws Exception {
        var tree = read("{\"price\": 1.50, \"zero\": 0.00, \"big\": 123456789012345678901234567890, \"e\": 1E+2}");

        assertThat(tree.get("price").decimalValue()).isEqualTo(new BigDecimal("1.50"));
        assertThat(tree.toString())
                .isEqualTo("{\"price\":1.50,\"zero\":0.00,\"big\":123456789012345678901234567890,\"e\":1E+2}");
    }

    @Test
    void readsTextBeyondAsciiAndSkipsTheByteOrderMark() throws Exception {
        assertThat(read("\uFEFF{\"näme\": \"Größe 😀 \\uD83D\\uDE00\"}")
                        .get("näme")
                        .textValue())
                .isEqualTo("Größe 😀 😀");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                     | is empty
            ` \n\t `               | is empty
            `{"a":1,"a":1}`        | line 1, column 8: the name 'a' occurs twice
            `{"a":{"b":1,\n"b":2}}`| line 2, column 1: the name 'b' occurs twice
            `{} {}`                | line 1, column 4: there is more after the end
            `{}x`                  | line 1, column 3
            `[1,]`                 | line 1, column 4: unexpected character ']'
            `{'a':1}`              | unexpected character '''
            `[1`                   | ends in the middle
            `{"a":nul}`            | unknown word
            `["\\x"]`              | unknown escape
            `["\\uD800"]`          | line 1, column 2: a \\u escape is half
            `["\\uDc00 \\ud83d\\uDE00"]` | half of a surrogate pair
            `{"\\uD83D":1}`        | line 1, column
            `[1e9999]`             | exponent beyond 999
            `[-1e-99999999999]`    | exponent beyond 999
            `[NaN]`                | not well-formed
            `[01]`                 | not a JSON number
            `/* */ 1`              | unexpected character '/'
            """)
    void refusesAndSaysWhere(String text, String piece) {
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> read(text.replace("\\n", "\n").replace("\\t", "\t")))
                .withMessageContaining(piece);
    }

    @Test
    void refusesWhatIsNotUtf8() {
        for (var raw : new byte[][] {
            "{\"a\":1}".getBytes(UTF_16LE),
            "[\"\u00e4\"]".getBytes(ISO_8859_1),
            {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'},
            {'"', (byte) 0xC0, (byte) 0xAF, '"'}
        }) {
            assertThatExceptionOfType(MalformedException.class)
                    .isThrownBy(() -> codec.read(raw))
                    .withMessageContaining("not UTF-8");
        }
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> codec.read("[1,\n \"\u00e4\"]".getBytes(ISO_8859_1)))
                .withMessageContaining("line 2, column 3");
    }

    @Test
    void limitsDepthNamesNumbersAndTokens() throws Exception {
        read("[".repeat(64) + "]".repeat(64));
        refuses("[".repeat(65) + "]".repeat(65), "deeper than 64 levels");
        read("{\"" + "n".repeat(256) + "\":1}");
        refuses("{\"" + "n".repeat(257) + "\":1}", "a name is longer than 256");
        read("[" + "1".repeat(100) + "]");
        refuses("[" + "1".repeat(101) + "]", "a number is longer than 100");
        refuses("[1" + ",1".repeat(1_000_000) + "]", "more than 1000000 tokens");
        refuses("\"" + "x".repeat(16 * 1024 * 1024) + "\"", "larger than 16777216 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "null", "\"text\"", "12", " [] "})
    void readsAnyValueAsTheRoot(String text) throws Exception {
        assertThat(read(text)).isNotNull();
    }

    @Test
    void findsTheLineOfANode() {
        var raw = "{\n\"a\": {\n \"b\": [\n  1,\n  {\"c/d\": 2}\n ]},\n\"e\": 1}".getBytes(UTF_8);

        assertThat(codec.line(raw, "")).hasValue(1);
        assertThat(codec.line(raw, "/a/b")).hasValue(3);
        assertThat(codec.line(raw, "/a/b/1/c~1d")).hasValue(5);
        assertThat(codec.line(raw, "/a/b/7")).hasValue(3);
        assertThat(codec.line(raw, "/a/x/y")).hasValue(2);
        assertThat(codec.line(raw, "/e")).hasValue(7);
    }

    private void refuses(String text, String piece) {
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> read(text))
                .withMessageContaining(piece);
    }

    private JsonNode read(String text) throws MalformedException {
        return codec.read(text.getBytes(UTF_8));
    }
}
