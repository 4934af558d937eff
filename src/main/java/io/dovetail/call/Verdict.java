package io.dovetail.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import io.dovetail.codec.Codec;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.JwtCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.codec.XmlCodec;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What an answer means, or that there is none. Only an answer about the event itself is a reason to park it. What would
 * be the same for every other event is the system's state, or that of our access to it, and passes.
 */
public final class Verdict {

    /** Too slow or too early, and what says that the hub is not let in: somebody will put that right. */
    private static final Set<Integer> COME_AGAIN = Set.of(401, 403, 407, 408, 425, 429);

    /** The rule of a failure that says that somebody else was faster. */
    static final String OVERTAKEN = "status 412";

    /** The rules of failures that say that less of it might be read. */
    public static final String ANSWER_TOO_LARGE = "answer too large";

    public static final String ANSWER_MALFORMED = "answer malformed";

    /** The rules of failures that leave open whether the system has done what it was asked, or does so yet. */
    private static final Set<String> OPEN = Set.of("no answer", "status 502", "status 504");

    /** The rules of failures that say that a login is a wrong one, and not only untimely. */
    private static final Set<String> LOGIN_REFUSED = Set.of("status 400", "status 401", "status 403");

    static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);
    private static final Duration AFTER_REFUSED_LOGIN = Duration.ofMinutes(5);

    private static final int START = 2_000;
    private static final int LONGEST_HEADER = 4_000;
    private static final Codec JSON = new JsonCodec();
    private static final Codec TOKEN = new JwtCodec();
    private static final Codec XML = new XmlCodec(Set.of());

    private Verdict() {}

    /** The answer's tree. */
    public static JsonNode of(Request request, Answer answer, Clock clock) {
        var status = answer.status();
        var reading = request.reading();
        var passing = passing(request, answer);
        if (passing != null) {
            var what = "is answered with " + status + " and " + passing + ", which passes";
            throw external(
                    failure(request, answer, FailureKind.EXTERNAL, passing, what), retryAfter(request, answer, clock));
        }
        if (reading.statuses().hold(status)) {
            return wanted(reading, answer, status / 100 == 2 ? tree(request, answer) : NullNode.getInstance());
        }
        var rule = "status " + status;
        if (status == 412 && request.isConditional()) {
            var what =
                    "is answered with 412: somebody has changed it since it was read. It is read again, and decided anew";
            throw external(failure(request, answer, FailureKind.EXTERNAL, OVERTAKEN, what), null);
        }
        if (status / 100 == 4 && !COME_AGAIN.contains(status)) {
            if (saysThatThereIsNothing(reading, answer)) {
                return wanted(reading, answer, NullNode.getInstance());
            }
            throw new FailedException(
                    failure(request, answer, FailureKind.REJECTED, rule, "is answered with " + status));
        }
        var what = status / 100 == 3
                ? "is answered with " + status + ", a redirect, which the hub does not follow"
                : "is answered with " + status;
        throw external(failure(request, answer, FailureKind.EXTERNAL, rule, what), retryAfter(request, answer, clock));
    }

    /** Null: nothing in it. */
    private static @Nullable String passing(Request request, Answer answer) {
        if (request.reading().passing().isEmpty()) {
            return null;
        }
        var text = new String(answer.body(), StandardCharsets.UTF_8);
        return request.reading().passing().stream()
                .sorted()
                .filter(code -> text.contains('"' + code + '"'))
                .findFirst()
                .orElse(null);
    }

    /** By the names that the route has for them; those that are not there are left out. */
    private static JsonNode wanted(Reading reading, Answer answer, JsonNode body) {
        if (reading.headers().isEmpty()) {
            return body;
        }
        var whole = JsonNodeFactory.instance.objectNode();
        var headers = whole.putObject("headers");
        for (var name : reading.headers()) {
            var value = answer.headers().get(name);
            if (value != null) {
                headers.put(name, clean(value, LONGEST_HEADER));
            }
        }
        whole.set("body", body);
        return whole;
    }

    private static boolean saysThatThereIsNothing(Reading reading, Answer answer) {
        if (reading.absent().isEmpty() || answer.cut()) {
            return false;
        }
        try {
            return holds(JSON.read(answer.body()), reading.absent());
        } catch (MalformedException e) {
            return false;
        }
    }

    private static boolean holds(JsonNode tree, Set<String> texts) {
        if (tree.isContainerNode()) {
            return tree.valueStream().anyMatch(value -> holds(value, texts));
        }
        return tree.isTextual() && texts.contains(tree.textValue());
    }

    /** There is no answer. */
    public static FailedException unanswered(Request request, IOException reason) {
        return external(
                Failure.of(
                        FailureKind.EXTERNAL,
                        request.place(),
                        "no answer",
                        request.place() + " gets no answer: " + words(reason)),
                null);
    }

    /** It is not even asked. */
    static FailedException unasked(Request request, String rule, String why) {
        return external(
                Failure.of(FailureKind.EXTERNAL, request.place(), rule, request.place() + " is not asked: " + why),
                null);
    }

    /** It is not asked, since the system allows few more requests until {@code until}. */
    static FailedException usedUp(Request request, long left, Instant until, Duration wait) {
        var why = "its system allows " + left + " more requests until " + until
                + ", and they are kept for others; ask the vendor for more, or ask less often";
        return FailedException.notBefore(
                unasked(request, "allowance", why).failure(),
                wait.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wait);
    }

    /** Whether what the request should change may be changed, or become so yet. */
    static boolean leavesOpen(Request request, Failure failure) {
        return request.body() != null && failure.place().equals(request.place()) && OPEN.contains(failure.rule());
    }

    /** Its answer is none that the hub could use to prove itself. */
    static FailedException unusable(Request request, String rule, String what) {
        return external(Failure.of(FailureKind.EXTERNAL, request.place(), rule, request.place() + " " + what), null);
    }

    /** What keeps the hub from proving itself is the hub's affair, and no event's. */
    static FailedException aboutUs(FailedException e) {
        var failure = e.failure();
        return FailedException.notBefore(
                new Failure(
                        FailureKind.EXTERNAL,
                        failure.place(),
                        failure.rule(),
                        failure.message(),
                        failure.value(),
                        failure.detail()),
                e.notBefore());
    }

    /** @param isUser whether a user's password was shown: many systems lock a user out who is refused a few times */
    static FailedException aboutLogin(FailedException e, boolean isUser) {
        var rule = e.failure().rule();
        var failure = aboutUs(rule.matches("status [45].*") ? e : untold(e));
        return isUser && LOGIN_REFUSED.contains(rule)
                ? FailedException.notBefore(failure.failure(), AFTER_REFUSED_LOGIN)
                : failure;
    }

    /** What is no refusal may hold what was asked for, in a form that nobody expects, and is not kept. */
    private static FailedException untold(FailedException e) {
        var failure = e.failure();
        return FailedException.notBefore(
                Failure.of(failure.kind(), failure.place(), failure.rule(), failure.message()), e.notBefore());
    }

    private static JsonNode tree(Request request, Answer answer) {
        if (answer.cut()) {
            var what = "is answered with more than " + Answer.MAX_BYTES + " bytes";
            throw new FailedException(failure(request, answer, FailureKind.REJECTED, ANSWER_TOO_LARGE, what));
        }
        if (answer.body().length == 0) {
            return NullNode.getInstance();
        }
        var type = answer.contentType() == null ? "" : answer.contentType();
        if (request.reading().signedBy() != null) {
            return claims(request, answer);
        }
        var asksForXml = request.headers().getOrDefault("Accept", "").contains("xml");
        if (!(asksForXml ? MediaTypes.isXml(type) : MediaTypes.isJson(type))) {
            // a log-in page, or one that says that the system is being mended
            var wanted = asksForXml ? "XML" : "JSON";
            var what = "is answered with " + (type.isEmpty() ? "something untyped" : clean(type, 100))
                    + " and not with " + wanted;
            throw external(failure(request, answer, FailureKind.EXTERNAL, "answer no " + wanted, what), null);
        }
        try {
            return (asksForXml ? XML : JSON).read(answer.body());
        } catch (MalformedException e) {
            var what = "is answered with what cannot be read: " + e.getMessage();
            throw new FailedException(failure(request, answer, FailureKind.REJECTED, ANSWER_MALFORMED, what));
        }
    }

    /** Who has signed it was asked before. */
    private static JsonNode claims(Request request, Answer answer) {
        try {
            return TOKEN.read(new String(answer.body(), StandardCharsets.ISO_8859_1).strip());
        } catch (MalformedException e) {
            var what = "is answered with what cannot be read: " + e.getMessage();
            throw external(failure(request, answer, FailureKind.EXTERNAL, "answer no token", what), null);
        }
    }

    private static Failure failure(Request request, Answer answer, FailureKind kind, String rule, String what) {
        var start = clean(new String(answer.body(), StandardCharsets.UTF_8), START);
        return new Failure(
                kind,
                request.place(),
                rule,
                request.place() + " " + what,
                start.isEmpty() ? null : start,
                start.isEmpty() ? null : start);
    }

    private static FailedException external(Failure failure, @Nullable Duration retryAfter) {
        return FailedException.notBefore(failure, retryAfter);
    }

    /** Seconds, the second itself or a date (RFC 9110, section 10.2.3), within bounds; null when it says nothing. */
    static @Nullable Duration retryAfter(Request request, Answer answer, Clock clock) {
        var said = answer.retryAfter();
        var other = request.reading().comeAgain();
        if (said == null && other != null && answer.status() == 429) {
            said = answer.headers().get(other);
        }
        var text = said == null ? "" : said.strip();
        Duration after;
        try {
            after = text.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(text))
                    // so many seconds are none to wait, but those since 1970
                    : text.matches("\\d{10}")
                            ? Duration.between(clock.instant(), Instant.ofEpochSecond(Long.parseLong(text)))
                            : Duration.between(
                                    clock.instant(),
                                    Instant.from(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)));
        } catch (DateTimeException e) {
            return null;
        }
        return after.isNegative() ? null : after.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : after;
    }

    private static String words(IOException reason) {
        for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "nobody knows its host";
            }
        }
        var message = reason.getMessage() == null ? "" : ": " + clean(reason.getMessage(), 200);
        return switch (reason) {
            case HttpTimeoutException e -> clean(String.valueOf(e.getMessage()), 200);
            case ConnectException e -> "it takes no connection" + message;
            case SSLException e -> "no safe connection comes about" + message;
            default -> "the connection breaks" + message;
        };
    }

    /** One line without control characters, cut. */
    private static String clean(String text, int most) {
        var cut = text.length() > most * 4 ? text.substring(0, most * 4) : text;
        var line = cut.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
        return line.length() > most ? line.substring(0, most) + "…" : line;
    }
}
