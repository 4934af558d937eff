package io.dovetail.connector.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An answer whose words are the vendor's, with one value at most in them.
 *
 * @param media null where there is no body
 * @param headers those that only a handshake has
 */
public record Answer(int status, @Nullable String media, String body, Word word, Map<String, String> headers) {

    /** One without words. */
    public static Answer bare(int status) {
        return new Answer(status, null, "", Word.ID, Map.of());
    }

    /** @param word what may stand in it for a value */
    static Answer read(JsonNode answer, Word word) {
        var headers = new TreeMap<String, String>();
        answer.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        return new Answer(
                answer.path("status").asInt(),
                answer.path("media").textValue(),
                answer.path("body").asText(""),
                word,
                Collections.unmodifiableMap(headers));
    }

    /** The media type with how the body is encoded; null where there is no body. */
    public @Nullable String contentType() {
        // JSON is UTF-8 and knows no such parameter (RFC 8259, 11)
        return media == null || Form.of(media) == Form.JSON ? media : media + ";charset=utf-8";
    }

    /** The body with the value in its place, as its media type wants it written. */
    public byte[] body(String value) {
        return (media == null ? body : body.replace(word.text(), Form.of(media).escape(value))).getBytes(UTF_8);
    }

    /** @param value something that can stand in a header */
    public Map<String, String> headers(String value) {
        var filled = new TreeMap<String, String>();
        headers.forEach((name, text) -> filled.put(name, text.replace(word.text(), value)));
        return filled;
    }
}
