package io.dovetail.intake;

import org.jspecify.annotations.Nullable;

/**
 * A delivery whose sender is proved.
 *
 * @param id what the sender calls it, at most {@value #MAX_ID} characters; null: the SHA-256 of the body is its id
 * @param signed whether that id is covered by the proof; if not, it identifies only together with the body
 * @param media without parameters, lower case; null: the connector's own
 * @param traceparent as the sender gave it, if it did
 * @param place by which it is known when it is offered again, where neither an id nor its body says that it is the same;
 *     null: where it is offered once
 */
public record Letter(
        String sender,
        @Nullable String id,
        boolean signed,
        @Nullable String media,
        byte[] body,
        @Nullable String traceparent,
        @Nullable String place) {

    public static final int MAX_ID = 256;

    public Letter(
            String sender,
            @Nullable String id,
            boolean signed,
            @Nullable String media,
            byte[] body,
            @Nullable String traceparent) {
        this(sender, id, signed, media, body, traceparent, null);
    }

    /** The same under a name that the hub gives it. */
    Letter named(String name) {
        return new Letter(sender, name, false, media, body, traceparent, place);
    }

    /** The same from there. */
    public Letter at(String from) {
        return new Letter(sender, id, signed, media, body, traceparent, from);
    }
}
