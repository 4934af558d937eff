package io.dovetail.connector.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.XmlCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {

    private static Answer answer(String media, String body) {
        var answer = new ObjectMapper().createObjectNode().put("status", 200);
        return Answer.read(answer.put("media", media).put("body", body), Word.CHALLENGE);
    }

    private static String filled(String media, String body, String value) {
        return new String(answer(media, body).body(value), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc",
                "\"}, {\"x\": \"",
                "\\",
                "</a><script>alert(1)</script>",
                "' onload='x",
                "]]>",
                "&amp;",
                "{challenge}",
                "--"
            })
    void writesAValueSoThatItStaysOne(String value) throws Exception {
        var json = new JsonCodec()
                .read(answer("application/json", "{\"verification\": \"{challenge}\"}")
                        .body(value));
        assertThat(json.size()).isOne();
        assertThat(json.path("verification").asText()).isEqualTo(value);

        var xml = new XmlCodec(Set.of())
                .read(answer("text/xml", "<a b='{challenge}'><c>{challenge}</c></a>")
                        .body(value));
        assertThat(xml.at("/a/@b").asText()).isEqualTo(value);
        assertThat(xml.at("/a/c").asText()).isEqualTo(value);
        assertThat(xml.path("a").size()).isEqualTo(2);

        assertThat(filled("text/plain", "{challenge}", value)).doesNotContain("<", ">", "\"", "'");
    }

    @Test
    void leavesWhatIsHarmlessAsItIs() {
        assertThat(filled("text/plain", "{challenge}", "Validation: Testing. Request-Id: 3f2c"))
                .isEqualTo("Validation: Testing. Request-Id: 3f2c");
    }

    @Test
    void saysHowTextIsEncoded() {
        assertThat(answer("text/plain", "x").contentType()).isEqualTo("text/plain;charset=utf-8");
        assertThat(answer("text/xml", "<x/>").contentType()).isEqualTo("text/xml;charset=utf-8");
        assertThat(answer("application/json", "{}").contentType()).isEqualTo("application/json");
    }

    @Test
    void repeatsOnlyShortPrintableAscii() {
        for (var sound : List.of("a", "a b", "~!\"<>", "x".repeat(1024))) {
            assertThat(Handshake.isSound(sound)).as(sound).isTrue();
        }
        for (var unsound : List.of(
                "",
                " ",
                "x".repeat(1025),
                "a\r\nSet-Cookie: b",
                "a\nb",
                "a\tb",
                "a\0",
                "\u007f",
                "\u0085",
                "ä",
                "\u2028",
                "\ud83d\ude00",
                "\ufffd")) {
            assertThat(Handshake.isSound(unsound)).as(unsound).isFalse();
        }
    }
}
