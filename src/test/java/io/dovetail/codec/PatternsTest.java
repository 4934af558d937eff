package io.dovetail.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.impl.BuiltinFunctions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternsTest {

    private static final List<String> TEXTS = List.of(
            "", "a", "0042", "a,b,,c,,", ",a", "2026-03-09T10:00:00+01:00", "aXbX", "  x ", "line\nline", "0", "a.b.c");
    private static final List<String> EXPRESSIONS = List.of(
            ",",
            "X",
            "^0+(?=[0-9]+$)",
            "(?<=[+-][0-9]{2}):(?=[0-9]{2}$)",
            "[0-9]+",
            "(?<year>[0-9]{4})-(?<month>[0-9]{2})",
            "(?<b>b)|(?<a>a)",
            "\\.",
            "",
            "^",
            "x*",
            "(?=b)",
            "\\s+$",
            "(");

    /** Whatever is asked, the answer is JSLT's own. */
    @Test
    void answersAsJsltDoes() {
        for (var function : Patterns.FUNCTIONS) {
            var own = BuiltinFunctions.functions.get(function.getName());
            assertThat(function.getMinArguments()).isEqualTo(own.getMinArguments());
            assertThat(function.getMaxArguments()).isEqualTo(own.getMaxArguments());
            for (var expression : EXPRESSIONS) {
                for (var text : TEXTS) {
                    var arguments = new JsonNode[] {new TextNode(text), new TextNode(expression), new TextNode("<$1>")};
                    assertThat(answer(function, arguments))
                            .as("%s of %s in '%s'", function.getName(), expression, text)
                            .isEqualTo(answer(own, arguments));
                }
                var ofNull = new JsonNode[] {NullNode.instance, new TextNode(expression), new TextNode("")};
                assertThat(answer(function, ofNull)).isEqualTo(answer(own, ofNull));
            }
        }
    }

    private static Object answer(com.schibsted.spt.data.jslt.Function function, JsonNode[] arguments) {
        try {
            return function.call(NullNode.instance, arguments);
        } catch (JsltException | java.util.regex.PatternSyntaxException e) {
            return "fails";
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replace(., \"^0+(?=[0-9]+$)\", \"\")",
                "test(., \"^0*0*0*$\")",
                "capture(., \"(?<a>0+)(?<b>0+)!\")",
                "split(., \"0+!\")",
                "test(., \"(0|00)*!\")"
            })
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    void givesUpWhereAPatternWouldTakeHours(String source) throws Exception {
        var zeros = new JsonCodec().read(("\"" + "0".repeat(250_000) + "x\"").getBytes(UTF_8));
        assertThatExceptionOfType(ExpressionException.class)
                .isThrownBy(() -> Expression.compile(source, "c.yaml:7").apply(zeros, Map.of()))
                .withMessageContaining("takes too long on a text of 250001 characters")
                .satisfies(e -> assertThat(e.place()).startsWith("c.yaml:7"));
        // the same pattern on what it is meant for
        Expression.compile(source, "x").apply(new TextNode("0".repeat(60) + "1"), Map.of());
    }

    @Test
    void reads16MegabytesWhenThePatternIsSound() {
        var long16 = new TextNode("x".repeat(16 << 20));
        assertThat(Expression.compile("test(., \"[0-9]$\")", "x")
                        .apply(long16, Map.of())
                        .booleanValue())
                .isFalse();
    }
}
