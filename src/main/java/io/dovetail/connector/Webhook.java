package io.dovetail.connector;

import io.dovetail.codec.FieldPath;
import io.dovetail.connector.answer.Answers;
import io.dovetail.connector.answer.Handshake;
import io.dovetail.connector.verify.Verify;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The webhook door of a connector.
 *
 * @param deliveryIdHeader the header with the sender's delivery id; null: the SHA-256 of the raw body is the id
 * @param deliveryIdSigned whether that id is covered by the proof
 * @param media accepted media types, lower case, without parameters
 * @param maxBytes largest body
 * @param limits how much senders may send
 * @param handshakes how the vendor asks whether this is the right place; the first that fits counts
 * @param answers what is said to deliveries, where not in the hub's own words
 * @param redactions what of a body is overwritten before it is stored, whatever door it came through
 * @param named where each event's own name stands; null: only the rules know
 */
public record Webhook(
        Verify verify,
        @Nullable String deliveryIdHeader,
        boolean deliveryIdSigned,
        Set<String> media,
        int maxBytes,
        Limits limits,
        List<Handshake> handshakes,
        Answers answers,
        List<FieldPath> redactions,
        Requests requests,
        @Nullable Named named) {

    /** Without limits, handshakes, words of its own and anything to overwrite. */
    public Webhook(
            Verify verify,
            @Nullable String deliveryIdHeader,
            boolean deliveryIdSigned,
            Set<String> media,
            int maxBytes) {
        this(
                verify,
                deliveryIdHeader,
                deliveryIdSigned,
                media,
                maxBytes,
                Limits.NONE,
                List.of(),
                Answers.NONE,
                List.of(),
                Requests.PLAIN,
                null);
    }

    /** What is meant where nobody says what it is. */
    public String firstMedia() {
        return media.iterator().next();
    }

    /** @param contentType as somebody wrote it whom nobody can tell that the connector takes none of that type */
    public String mediaOf(String contentType) {
        var type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return media.contains(type) ? type : firstMedia();
    }

    /** Whether a sender must prove who it is. */
    public boolean isProved() {
        return verify.reason() == null;
    }
}
