package io.dovetail.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials in a body are overwritten, wherever and however often they stand, and nothing else is touched. */
class RedactionTest {

    private static final String SOAP = """
            <?xml version="1.0" encoding="ISO-8859-1"?>
            <!-- abc123 -->
            <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:out">
              <s:Body s:note="a&#10;b &amp; &quot;c&quot;">
                <notifications>
                  <SessionId kind="live"><![CDATA[abc]]>123</SessionId>
                  <SessionId/>
                  <Notification token="abc123" xml:lang="en"><Id>04l1 &lt;&#13;</Id><Name>Grün</Name></Notification>
                </notifications>
              </s:Body>
            </s:Envelope>
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a             | {"a":"s","b":1.50}                | {"a":"[redacted]","b":1.50}
            a.b           | {"a":{"b":"s","c":null}}          | {"a":{"b":"[redacted]","c":null}}
            a.b           | {"a":[{"b":"s"},[{"b":"t"}],"b"]} | {"a":[{"b":"[redacted]"},[{"b":"[redacted]"}],"b"]}
            a[].b         | {"a":{"b":"s"}}                   | {"a":{"b":"[redacted]"}}
            [].b          | [{"b":"s"},{"b":{"c":1}}]         | [{"b":"[redacted]"},{"b":"[redacted]"}]
            //b           | {"b":"s","c":[{"d":{"b":["t"]}}]} | {"b":"[redacted]","c":[{"d":{"b":"[redacted]"}}]}
            //c.b         | {"b":"s","c":[{"b":"t"}]}         | {"b":"s","c":[{"b":"[redacted]"}]}
            a             | { "a" : null, "c" : "a" }         | { "a" : null, "c" : "a" }
            a.b.c         | { "a" : "b" }                     | { "a" : "b" }
            a             | [ 1, "a" ]                        | [ 1, "a" ]
            """)
    void overwritesInJson(String path, String body, String redacted) throws MalformedException {
        var stored = new JsonCodec().redact(body.getBytes(UTF_8), List.of(FieldPath.of(path)));

        assertThat(new String(stored, UTF_8)).isEqualTo(redacted);
    }

    @Test
    void overwritesInXmlAndKeepsWhatElseTheTreeSays() throws MalformedException {
        var codec = new XmlCodec(Set.of("Notification"));
        var paths =
                List.of(FieldPath.of("Envelope.Body.notifications.SessionId"), FieldPath.of("//Notification.@token"));
        var arrived = SOAP.getBytes(Charset.forName("ISO-8859-1"));

        var stored = codec.redact(arrived, paths);

        assertThat(new String(stored, UTF_8)).doesNotContain("abc").contains("Grün");
        var expected = codec.read(arrived);
        paths.forEach(path -> path.overwrite(expected));
        assertThat(codec.read(stored).at("/Envelope/Body/notifications/SessionId"))
                .extracting(node -> node.asText())
                .containsExactly("[redacted]", "[redacted]");
        expected.withObject("/Envelope/Body/notifications").put("SessionId", "[redacted]");
        var actual = codec.read(stored);
        actual.withObject("/Envelope/Body/notifications").put("SessionId", "[redacted]");
        assertThat(actual).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void writesADocumentThatSaysTheSame(Path document) throws Exception {
        var arrived = Files.readAllBytes(document);
        var codec = new XmlCodec(Set.of(), true);
        assertThat(codec.redact(arrived, List.of(FieldPath.of("//Nowhere")))).isSameAs(arrived);

        var path = FieldPath.of("//MESTYP");
        var expected = codec.read(arrived);
        path.overwrite(expected);
        assertThat(codec.read(codec.redact(arrived, List.of(path)))).isEqualTo(expected);
    }

    private static Stream<Path> documents() throws IOException {
        try (var files = Files.walk(Path.of("connectors/sap-idoc/samples"))) {
            return files
                    .filter(file -> file.endsWith("delivery.xml"))
                    .filter(file -> !Set.of("malformed", "doctype")
                            .contains(file.getName(file.getNameCount() - 2).toString()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a><SessionId>abc</SessionId>",
                "<!DOCTYPE a [<!ENTITY x \"abc\">]><a>&x;</a>",
                "{\"SessionId\": \"abc\""
            })
    void looksForNothingInWhatItCannotRead(String body) {
        var paths = List.of(FieldPath.of("//SessionId"));
        assertThatThrownBy(() -> new XmlCodec(Set.of()).redact(body.getBytes(UTF_8), paths))
                .isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> new JsonCodec().redact(body.getBytes(UTF_8), paths))
                .isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "a.b, '', true",
        "a.b, /a, true",
        "a.b, /a/b, true",
        "a.b, /a/0/b, true",
        "a.b, /a/b/c, true",
        "a.b, /a/c, false",
        "a.b, /b, false",
        "//b, /a/c, true"
    })
    void knowsWhatWouldShowOfIt(String path, String pointer, boolean touches) {
        assertThat(FieldPath.of(path).touches(pointer)).isEqualTo(touches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a..b", ".a", "a.", "//", "a b", "/a", "a/b", "a[0]", "#text"})
    void knowsWhatIsNoPath(String text) {
        assertThat(FieldPath.isOne(text)).isFalse();
    }
}
