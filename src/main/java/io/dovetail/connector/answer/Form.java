package io.dovetail.connector.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.codec.XmlCodec;
import java.util.Set;

/** How a value is written into a body, so that it stays a value there. */
enum Form {
    JSON,
    XML,
    TEXT;

    static Form of(String media) {
        if (media.endsWith("json")) {
            return JSON;
        }
        return media.endsWith("xml") ? XML : TEXT;
    }

    String escape(String value) {
        return this == JSON ? new String(JsonStringEncoder.getInstance().quoteAsString(value)) : markup(value);
    }

    /** In plain text too, as Microsoft asks for: somebody may show it as a page all the same. */
    private static String markup(String value) {
        var escaped = new StringBuilder(value.length() + 16);
        for (var c : value.toCharArray()) {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** @throws MalformedException where it is not what its media type says */
    void check(String body) throws MalformedException {
        switch (this) {
            case JSON -> new JsonCodec().read(body.getBytes(UTF_8));
            case XML -> new XmlCodec(Set.of()).read(body.getBytes(UTF_8));
            case TEXT -> {
                // any text is one
            }
        }
    }
}
