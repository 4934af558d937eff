package io.dovetail.connector.answer;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.connector.verify.Headers;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request by which a vendor asks whether this is the right place. It brings a challenge, and mostly wants it back.
 *
 * @param header where the challenge stands; null: in {@code query}
 * @param query the parameter of the address where it stands; null: in {@code header}
 * @param oneOf the challenges that are answered; empty: all
 * @param isVerified whether it must be proved as a delivery is
 */
public record Handshake(
        String method,
        @Nullable String header,
        @Nullable String query,
        Set<String> oneOf,
        boolean isVerified,
        Answer answer) {

    private static final int MAX_CHALLENGE = 1024;

    /** Reads one of {@code handshakes} once it has proved valid. */
    public static Handshake read(JsonNode handshake) {
        var when = handshake.path("when");
        var oneOf = new TreeSet<String>();
        when.path("oneOf").forEach(challenge -> oneOf.add(challenge.asText()));
        return new Handshake(
                when.path("method").asText(),
                when.path("header").textValue(),
                when.path("query").textValue(),
                oneOf,
                handshake.path("verified").asBoolean(true),
                Answer.read(handshake.path("answer"), Word.CHALLENGE));
    }

    /**
     * The challenges that a request brings; none where it is no handshake of this kind.
     *
     * @param parameters of the address, by name, decoded
     */
    public List<String> challenges(String method, Headers headers, Function<String, List<String>> parameters) {
        if (!method.equals(this.method)) {
            return List.of();
        }
        return header == null ? parameters.apply(String.valueOf(query)) : headers.all(header);
    }

    /** Whether it may be repeated: printable ASCII, which no header and no page makes anything else of, and not long. */
    public static boolean isSound(String challenge) {
        return !challenge.isBlank()
                && challenge.length() <= MAX_CHALLENGE
                && challenge.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** Whether this challenge is one that the connector has been told to answer. */
    public boolean answers(String challenge) {
        return oneOf.isEmpty() || oneOf.contains(challenge);
    }

    /** Where the challenge stands, for people. */
    public String place() {
        return header == null ? "the parameter " + query : "the header " + header;
    }
}
