package io.dovetail.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToXmlTest {

    private static JsonNode read(String json) throws MalformedException {
        return new JsonCodec().read(json.getBytes(UTF_8));
    }

    private static String xml(JsonNode tree) {
        var text = Expression.compile("to-xml(.)", "here").apply(tree, Map.of()).textValue();
        assertThat(text).startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        return text.substring(text.indexOf("?>") + 2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `{"a": "x"}`                                  | `<a>x</a>`
            `{"a": {}}`                                   | `<a></a>`
            `{"a": {"b": ["1", "2"], "@c": "3"}}`         | `<a c="3"><b>1</b><b>2</b></a>`
            `{"a": {"#text": "x", "@b": ""}}`             | `<a b="">x</a>`
            `{"a": {"b": null, "@c": null, "d": [null]}}` | `<a></a>`
            `{"a": {"n": 1.50, "t": true, "e": 1E+3}}`    | `<a><n>1.50</n><t>true</t><e>1000</e></a>`
            `{"s:a": {"@xmlns:s": "urn:s", "b": []}}`     | `<s:a xmlns:s="urn:s"></s:a>`
            """)
    void writesATreeAsTheDocumentThatItWouldComeOf(String json, String xml) throws Exception {
        assertThat(xml(read(json))).isEqualTo(xml);
    }

    @Test
    void letsNoTextBecomeMarkupOrBlanks() throws Exception {
        var tree = read("""
                {"a": {"@b": "\\"'<&>\\t\\n\\r ", "c": "</c><d/> ]]> &amp; \\r\\n\\uD83D\\uDE00"}}""");

        assertThat(new XmlCodec(Set.of()).read(xml(tree).getBytes(UTF_8))).isEqualTo(tree);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"a\"",
                "[]",
                "{}",
                "{\"a\": 1, \"b\": 2}",
                "{\"a\": [1]}",
                "{\"a\": {\"b\": [[1]]}}",
                "{\"a b\": 1}",
                "{\"a\": {\"b><c\": 1}}",
                "{\"a\": {\"@b=\\\"\\\" c\": 1}}",
                "{\"a\": {\"@b\": {}}}",
                "{\"a\": {\"#text\": [1]}}",
                "{\"a\": \"\\u0001\"}",
                "{\"a\": \"\\uFFFE\"}",
                "{\"@a\": 1}"
            })
    void writesNothingThatIsNoDocument(String json) throws Exception {
        var tree = read(json);
        assertThatThrownBy(() -> xml(tree))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("to-xml()");
    }

    @Test
    void leavesOutWhatIsNotThere() {
        assertThat(Expression.compile("to-xml(.a)", "here").apply(NullNode.getInstance(), Map.of()))
                .isEqualTo(NullNode.getInstance());
    }
}
