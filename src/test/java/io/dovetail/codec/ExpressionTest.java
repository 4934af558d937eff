package io.dovetail.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {

    @Test
    void readsInputAndVariables() throws Exception {
        var mapping = Expression.compile("{\"subject\": .issue.key, \"by\": $sender}", "m.jslt");

        assertThat(mapping.apply(json("{\"issue\":{\"key\":\"A-1\"}}"), Map.of("sender", TextNode.valueOf("acme")))
                        .toString())
                .isEqualTo("{\"subject\":\"A-1\",\"by\":\"acme\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "null", quoteCharacter = '`', textBlock = """
            .s       | abc
            .n       | 10000
            .d       | 1.50
            .e       | 100
            .b       | true
            .blank   | null
            .missing | null
            .o       | null
            .a       | null
            .l       | 123456789012345678901
            .s + ":x"| abc:x
            """)
    void givesText(String source, String expected) throws Exception {
        var input = json(
                "{\"s\":\"abc\",\"n\":10000,\"d\":1.50,\"e\":1E2,\"b\":true,\"blank\":\"  \",\"o\":{\"x\":1},\"a\":[1],"
                        + "\"l\":123456789012345678901}");

        assertThat(Expression.compile(source, "x").text(input)).isEqualTo(expected);
    }

    @Test
    void holdsByTheRuleOfJslt() throws Exception {
        assertThat(Expression.compile(".a == \"x\" and .b", "x").test(json("{\"a\":\"x\",\"b\":[1]}")))
                .isTrue();
        assertThat(Expression.compile(".a", "x").test(json("{\"a\":{}}"))).isFalse();
        assertThat(Expression.compile(".a", "x").test(json("{}"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `.a ==`                     | c.yaml:24            | c.yaml:24:5: the expression ends too early
            `{"a": .b,\\n "c" .d}`      | m.jslt               | m.jslt:2:6: unexpected '.'
            `.a ==`                     | c.yaml:24:11         | c.yaml:24:15
            `.a # "`                    | m.jslt               | m.jslt:1:4: unexpected '#'
            `"abc`                      | m.jslt               | m.jslt:1:5
            `nosuch(.a)`                | m.jslt               | m.jslt:1:1: No such function: 'nosuch'
            `$x + b:c(.a)`              | m.jslt               | m.jslt:1
            `import "a.jslt" as a\\n .`  | m.jslt               | m.jslt: import is refused
            `{"t": now()}`              | m.jslt               | m.jslt:1:7: now() is refused
            `uuid()`                    | m.jslt               | m.jslt:1:1: uuid() is refused
            `random()`                  | m.jslt               | m.jslt:1:1: random() is refused
            `test(.a, "(")`             | m.jslt               | m.jslt: Syntax error in regular expression
            `  `                        | m.jslt               | m.jslt:1:1: the expression is empty
            """)
    void saysWhereItDoesNotCompile(String source, String place, String piece) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Expression.compile(source.translateEscapes(), place))
                .withMessageContaining(piece)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n", "com.schibsted"));
    }

    @Test
    void saysWhereItFails() throws Exception {
        var failing = Expression.compile("{\n  \"n\": number(.a)}", "m.jslt");

        assertThatExceptionOfType(ExpressionException.class)
                .isThrownBy(() -> failing.apply(json("{\"a\":\"x\"}"), Map.of()))
                .satisfies(e -> assertThat(e.place()).isEqualTo("m.jslt:2:8"))
                .withMessageContaining("x");
    }

    @Test
    void knowsWhichVariablesItNeeds() {
        assertThat(Expression.compile("""
                        def f(a, b) $a + $b
                        let c = "$no" // $neither
                        {"x": f($c, $sender), "y": $at}
                        """, "m.jslt").freeVariables()).containsExactly("at", "sender");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [{"n": "20"}, {"n": "10"}, {"n": "100"}]                  | [{"n":"10"},{"n":"20"},{"n":"100"}]
            [{"n": "000100"}, {"n": "20"}, {"n": "0"}]                | [{"n":"0"},{"n":"20"},{"n":"000100"}]
            [{"n": "b"}, {}, {"n": "2"}, {"n": 10}, {"n": 9.5}, 7]    | [{"n":9.5},{"n":10},{"n":"2"},{"n":"b"},{},7]
            [{"n": "1", "m": 2}, {"n": "01", "m": 1}]                 | [{"n":"1","m":2},{"n":"01","m":1}]
            []                                                        | []
            null                                                      | null
            """)
    void sortsByAField(String list, String sorted) throws Exception {
        var expression = Expression.compile("sort-by(., \"n\")", "m.jslt");
        assertThat(expression.apply(json(list), Map.of()).toString()).isEqualTo(sorted);
    }

    @Test
    void sortsNothingElse() throws Exception {
        var expression = Expression.compile("sort-by(., \"n\")", "m.jslt");
        var object = json("{}");
        assertThatExceptionOfType(ExpressionException.class)
                .isThrownBy(() -> expression.apply(object, Map.of()))
                .withMessageContaining("sort-by() needs a list and the name of a field");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "https://a.example/logs?x=1&after=a%2Bb%3D1#after=2" | "a+b=1"
            "/users/delta?%24deltatoken=t&after"                 | null
            "/users/delta?after=&b=1"                            | null
            "after=7"                                            | null
            ""                                                   | null
            null                                                 | null
            """)
    void readsAParameterOutOfAnAddress(String address, String value) throws Exception {
        var expression = Expression.compile("query-value(., \"after\")", "m.jslt");
        assertThat(expression.apply(json(address), Map.of()).toString()).isEqualTo(value);
        var broken = json("\"/?after=%zz\"");
        assertThatExceptionOfType(ExpressionException.class)
                .isThrownBy(() -> expression.apply(broken, Map.of()))
                .withMessageContaining("a % that encodes nothing");
    }

    @Test
    void survivesEndlessRecursionAndUnsetVariables() throws Exception {
        var endless = Expression.compile("def f(x) f($x)\nf(.)", "m.jslt");
        var unset = Expression.compile("{\"a\": $nobody}", "m.jslt");

        assertThatExceptionOfType(ExpressionException.class).isThrownBy(() -> endless.apply(json("1"), Map.of()));
        assertThatExceptionOfType(ExpressionException.class).isThrownBy(() -> unset.apply(json("1"), Map.of()));
    }

    private static JsonNode json(String text) throws MalformedException {
        return new JsonCodec().read(text.getBytes(UTF_8));
    }

    @Test
    void readsTextsOfAnyLength() throws Exception {
        var words = "it said twice (once) // ".repeat(20_000);
        var expression = Expression.compile("[size(\"" + words + "\"), $b]", "m.jslt");
        assertThat(expression.freeVariables()).containsExactly("b");
        assertThat(expression
                        .apply(json("{}"), Map.of("b", TextNode.valueOf("b")))
                        .toString())
                .isEqualTo("[" + words.length() + ",\"b\"]");
    }
}
