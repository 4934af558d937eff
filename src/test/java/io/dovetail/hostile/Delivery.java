package io.dovetail.hostile;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is sent.
 *
 * @param sender whose secret proves it
 * @param id the sender's own id of it
 * @param more headers beside those of media, id and proof
 * @param form how a protocol is bent; null: it is not, and any door can carry this
 */
record Delivery(
        String connector,
        String sender,
        String media,
        String id,
        byte[] body,
        List<Header> more,
        @Nullable Form form) {

    Delivery(String connector, String media, String id, byte[] body) {
        this(connector, "default", media, id, body, List.of(), null);
    }

    Delivery from(String other) {
        return new Delivery(connector, other, media, id, body, more, form);
    }

    Delivery withMedia(String other) {
        return new Delivery(connector, sender, other, id, body, more, form);
    }

    Delivery withId(String other) {
        return new Delivery(connector, sender, media, other, body, more, form);
    }

    Delivery withBody(byte[] other) {
        return new Delivery(connector, sender, media, id, other, more, form);
    }

    Delivery with(String name, String value) {
        var all = new ArrayList<>(more);
        all.add(new Header(name, value));
        return new Delivery(connector, sender, media, id, body, all, form);
    }

    /** One more field of the object, or element, that it is. */
    Delivery withField(String name, String value) {
        var text = new String(body, StandardCharsets.UTF_8).strip();
        if (text.startsWith("{")) {
            // a second field of one name would be refused
            var field = text.contains("\"" + name + "\"") ? name + "2" : name;
            return withBody(Template.bytes("{\"" + field + "\": \"" + value + "\"," + text.substring(1)));
        }
        return withBody(Template.bytes(text.replace(
                "</IDOC>", "<A N=\"" + name.replace("<", "") + "\">" + value.replace("&", "") + "</A></IDOC>")));
    }

    Delivery bent(Form by) {
        return new Delivery(connector, sender, media, id, body, more, by);
    }
}
