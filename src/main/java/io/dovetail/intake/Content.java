package io.dovetail.intake;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.Codec;
import io.dovetail.codec.MalformedException;
import org.jspecify.annotations.Nullable;

/** The body of a delivery, parsed when somebody first asks, and once. For one thread. */
final class Content {

    private final Codec codec;
    private final byte[] body;
    private @Nullable JsonNode tree;
    private @Nullable MalformedException malformed;

    Content(Codec codec, byte[] body) {
        this.codec = codec;
        this.body = body;
    }

    byte[] body() {
        return body;
    }

    JsonNode tree() throws MalformedException {
        if (malformed != null) {
            throw malformed;
        }
        try {
            if (tree == null) {
                tree = codec.read(body);
            }
            return tree;
        } catch (MalformedException e) {
            malformed = e;
            throw e;
        }
    }
}
