package io.dovetail.event;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Why an event cannot go on, for a person to read and for a group to be made of.
 *
 * @param kind who must act
 * @param place where: {@code "/order/total"} (JSON pointer), {@code "line 12, /IDOC/E1EDP01/0/MENGE"} (XML), or
 *     {@code "connectors/jira/mappings/x.jslt:12:5"}
 * @param rule what was broken, e.g. {@code "jira/issue-event.v1 required"}; never holds the value
 * @param message one sentence: what is wrong and what to do
 * @param value the offending value, cut to {@value #VALUE_LIMIT} characters; null where there is none
 * @param detail a stack trace or an answer kept for us, never shown to senders; null where there is none
 */
public record Failure(
        FailureKind kind,
        String place,
        String rule,
        String message,
        @Nullable String value,
        @Nullable String detail) {

    static final int VALUE_LIMIT = 200;

    public Failure {
        if (value != null && value.length() > VALUE_LIMIT) {
            value = value.substring(0, VALUE_LIMIT) + "…";
        }
    }

    public static Failure of(FailureKind kind, String place, String rule, String message) {
        return new Failure(kind, place, rule, message, null, null);
    }

    /** @param id the source's */
    public static Failure idNotUnique(String place, @Nullable String id) {
        return new Failure(
                FailureKind.CONTRACT,
                place,
                "id not unique",
                "Another event was published under this id with other content. The source must give each event its own"
                        + " id, or the connector's id expression must read more of it.",
                id,
                null);
    }

    /**
     * @param id the source's, of the delivery
     * @param first under which delivery it was used before
     */
    public static Failure deliveryIdNotUnique(String id, UUID first) {
        return new Failure(
                FailureKind.CONTRACT,
                "",
                "delivery id not unique",
                "The delivery id was used before, with another body, by the delivery " + first
                        + ". The source must give each delivery its own id. Replay this one if it is news, or discard it.",
                id,
                null);
    }

    /**
     * The same for every event that fails in the same way at the same place, whatever its values: 16 hex digits. Array
     * positions and line numbers of the delivery do not count.
     */
    public String fingerprint(String connector, String eventKind) {
        var stablePlace = place.replaceAll("^line \\d+, ", "").replaceAll("/\\d+(?=/|$)", "/*");
        var text = String.join("\0", connector, eventKind, kind.name(), stablePlace, rule);
        return Digests.brief(Digests.sha256(text.getBytes(StandardCharsets.UTF_8)));
    }
}
