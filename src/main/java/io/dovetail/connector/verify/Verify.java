package io.dovetail.connector.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a webhook's sender proves who it is: by one scheme, or by several at once. */
public sealed interface Verify permits All, Scheme {

    /**
     * Reads {@code verify}.
     *
     * @throws UnsoundException for what a schema cannot say
     * @throws IllegalArgumentException for what the schema would not have let through
     */
    static Verify read(JsonNode verify) {
        return verify.path("scheme").asText().equals(All.NAME) ? All.read(verify) : Scheme.read(verify);
    }

    /** The scheme's name in {@code connector.yaml}. */
    String scheme();

    /** What must be proved, all of it, and by the same sender. */
    List<Scheme> parts();

    /** Why nobody is asked for a proof; null where everybody is. */
    default @Nullable String reason() {
        return null;
    }

    /** Whether the proof stands on the envelope alone, so that a request without a body can bring it. */
    default boolean isOnEnvelope() {
        return false;
    }

    /** Whether it needs a certificate of the connection, which the front must ask for before anything is sent. */
    default boolean wantsCertificate() {
        return false;
    }

    /** Whether it stands in the address, behind the connector's name; else there is nothing at such an address. */
    default boolean isInAddress() {
        return false;
    }

    /** Whether a proof covers this header, so that nobody but the sender can have written it. */
    default boolean covers(String header) {
        return false;
    }

    /** What a sender has to bring, in a few words for people. */
    String words();
}
