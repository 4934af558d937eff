package io.dovetail.connector.answer;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.MalformedException;
import io.dovetail.connector.verify.Verify;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something about handshakes and answers that a schema cannot say. The message is for the person who wrote it.
 *
 * @param pointer below {@code intake.webhook}
 */
public record Fault(String pointer, String message) {

    /** All that is wrong with {@code intake.webhook}, in its order. */
    public static List<Fault> of(JsonNode webhook, Verify verify) {
        var finder = new Finder(webhook, verify);
        finder.handshakes();
        finder.answers();
        return finder.found;
    }

    private static final class Finder {

        // whatever breaks out of a string, an element, an attribute or a comment
        private static final String PROBE = "a\"b\\c<d>'e&f--g";
        private static final Pattern WORD = Pattern.compile("\\{[A-Za-z][A-Za-z0-9_-]*}");
        private static final Set<String> CREDENTIALS = Set.of("authorization", "cookie", "proxy-authorization");
        private static final int UNAUTHENTICATED = 401;
        private static final int MEDIA_TYPE = 415;

        private final JsonNode webhook;
        private final Verify verify;
        private final List<Fault> found = new ArrayList<>();

        Finder(JsonNode webhook, Verify verify) {
            this.webhook = webhook;
            this.verify = verify;
        }

        void handshakes() {
            var seen = new HashMap<String, Integer>();
            for (var i = 0; i < webhook.path("handshakes").size(); i++) {
                var at = "/handshakes/" + i;
                var node = webhook.at(at);
                var handshake = Handshake.read(node);
                when(at, handshake);
                if (handshake.isVerified() && !verify.isOnEnvelope()) {
                    add(
                            at + (node.has("verified") ? "/verified" : ""),
                            "the proof (" + verify.words() + ") needs the body, and a handshake has none: say"
                                    + " verified: false");
                }
                var twin = seen.putIfAbsent(
                        handshake.method() + " " + handshake.place().toLowerCase(Locale.ROOT), i + 1);
                if (twin != null) {
                    add(at + "/when", "this handshake is never met: number " + twin + " of the list takes it before");
                }
                answer(at + "/answer", handshake.answer());
                handshake.answer().headers().forEach((name, value) -> {
                    words(at + "/answer/headers/" + name, value, Word.CHALLENGE);
                    if (value.contains(Word.CHALLENGE.text())
                            && handshake.oneOf().isEmpty()) {
                        add(
                                at + "/answer/headers/" + name,
                                "a header repeats only what is listed: say which challenges there may be, with oneOf"
                                        + " under when");
                    }
                });
            }
        }

        private void when(String at, Handshake handshake) {
            if ((handshake.header() == null) == (handshake.query() == null)) {
                add(at + "/when", "say where the challenge stands: header or query, one of the two");
            }
            if (isCredential(handshake.header())) {
                add(at + "/when/header", "this header holds the proof, which is never repeated: name the challenge's");
            }
        }

        private boolean isCredential(@Nullable String header) {
            return header != null
                    && (CREDENTIALS.contains(header.toLowerCase(Locale.ROOT))
                            || webhook.path("verify").findValuesAsText("header").stream()
                                    .anyMatch(header::equalsIgnoreCase));
        }

        void answers() {
            var answers = webhook.path("answers");
            for (var name : List.of("accepted", "duplicate")) {
                if (answers.has(name)) {
                    answer("/answers/" + name, Answer.read(answers.path(name), Word.ID));
                }
            }
            var refused = Answers.read(answers).refused();
            refused.forEach((reason, answer) -> answer("/answers/refused/" + reason, answer));
            if (status(refused.get("unauthenticated"), UNAUTHENTICATED)
                    == status(refused.get("media-type"), MEDIA_TYPE)) {
                add(
                        "/answers/refused",
                        "unauthenticated and media-type have the same status: the hub's self-test tells by it whether"
                                + " the door stands open");
            }
        }

        private static int status(@Nullable Answer answer, int own) {
            return answer == null ? own : answer.status();
        }

        private void answer(String at, Answer answer) {
            if ((answer.media() == null) != answer.body().isEmpty()) {
                add(at, "media and body belong together: give both or neither");
            } else if (answer.status() == 204 && answer.media() != null) {
                add(at, "204 means that there is no body: leave media and body out, or say another status");
            }
            words(at + "/body", answer.body(), answer.word());
            if (answer.media() != null) {
                form(at + "/body", answer, answer.media());
            }
        }

        private void words(String at, String text, Word known) {
            WORD.matcher(text)
                    .results()
                    .map(word -> word.group())
                    .filter(word -> !word.equals(known.text()))
                    .distinct()
                    .forEach(word -> add(at, "the word known here is " + known.text() + ", and not " + word));
        }

        private void form(String at, Answer answer, String media) {
            try {
                Form.of(media).check(new String(answer.body(PROBE), java.nio.charset.StandardCharsets.UTF_8));
            } catch (MalformedException e) {
                add(
                        at,
                        "with a value in the place of " + answer.word().text() + " this is no " + media + ": "
                                + e.getMessage());
            }
        }

        private void add(String at, String message) {
            found.add(new Fault(at, message));
        }
    }
}
