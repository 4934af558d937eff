package io.dovetail.call;

import io.dovetail.call.Credentials.Form;
import io.dovetail.call.Credentials.Session;
import io.dovetail.event.FailedException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that systems have given, of sessions or against forged requests, each with the cookies that came with it: one
 * is worth nothing without the other.
 */
final class Sessions {

    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Map<String, String> FETCH =
            Map.of("Accept", "application/json", "User-Agent", "dovetail", "X-CSRF-Token", "Fetch");
    private static final Map<String, String> ASK = Map.of("Accept", "application/json", "User-Agent", "dovetail");
    private static final Map<String, String> POST =
            Map.of("Accept", "application/json", "Content-Type", "application/json", "User-Agent", "dovetail");

    // what else they hold would end a header, or a cookie within one
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7E]{1,1024}");
    private static final Pattern COOKIE = Pattern.compile("([\\w!#$%&'*+.^`|~-]+)=([\\x21-\\x7E&&[^;]]*)");
    private static final int MOST = 8 << 10;

    private final Clock clock;
    private final Map<Session, Open> sessions = new ConcurrentHashMap<>();

    /**
     * @param basis what it was got with; with another secret, or at another place, it is not for use
     * @param headers what shows it
     */
    record Open(String basis, Map<String, String> headers, Instant until) {}

    /** Sends a request, and gives the answer, whatever it is. */
    interface Sender {
        Answer send(Request request) throws InterruptedException;
    }

    Sessions(Clock clock) {
        this.clock = clock;
    }

    /**
     * One that is open, begun anew where it has to be.
     *
     * @throws FailedException of kind EXTERNAL when there is none to be had: that says nothing about what it is wanted for
     */
    Open of(Session session, UnaryOperator<String> secrets, Sender sender) throws InterruptedException {
        var body = session.body(secrets);
        var basis = SecretReference.resolve(session.endpoint(), secrets) + " " + session.header(secrets) + " "
                + (body == null ? "" : new String(body, StandardCharsets.UTF_8));
        var known = sessions.get(session);
        if (known != null && known.basis.equals(basis) && clock.instant().isBefore(known.until)) {
            return known;
        }
        var request = new Request(
                body == null ? "GET" : "POST",
                session.endpoint(),
                session.endpoint(),
                session.form() == null ? FETCH : body == null ? ASK : POST,
                session.login(),
                Statuses.of("200-299"),
                body);
        var begin = clock.instant();
        try {
            var open = new Open(basis, headers(session.form(), request, sender.send(request)), begin.plus(LONGEST));
            sessions.put(session, open);
            return open;
        } catch (FailedException e) {
            throw Verdict.aboutLogin(e, body != null);
        }
    }

    /** It is good no more; what has been begun since stays. */
    void forget(Session session, Open open) {
        sessions.remove(session, open);
    }

    private Map<String, String> headers(@Nullable Form form, Request request, Answer answer) {
        var name = form == null ? "X-CSRF-Token" : form.header();
        var token = token(form, request, answer);
        if (!TOKEN.matcher(token).matches()) {
            throw Verdict.unusable(request, "token", "gives no " + (form == null ? name : form.token()));
        }
        var cookies = cookies(answer.cookies());
        if (cookies.length() > MOST) {
            throw Verdict.unusable(request, "cookies", "gives more than " + MOST + " bytes of cookies");
        }
        return cookies.isEmpty() ? Map.of(name, token) : Map.of(name, token, "Cookie", cookies);
    }

    private String token(@Nullable Form form, Request request, Answer answer) {
        if (form != null) {
            return Verdict.of(request, answer, clock).path(form.token()).asText("");
        }
        if (!request.reading().statuses().hold(answer.status())) {
            Verdict.of(request, answer, clock); // which says why not
        }
        return answer.csrfToken() == null ? "" : answer.csrfToken().strip();
    }

    /**
     * All of them, whatever path or domain they are for: where they were given is where they are shown. One that cannot
     * stand in a header is left out.
     */
    private static String cookies(List<String> given) {
        var cookies = new LinkedHashMap<String, String>();
        for (var cookie : given) {
            var pair = COOKIE.matcher(cookie.split(";", 2)[0].strip());
            if (pair.matches()) {
                cookies.put(pair.group(1), pair.group());
            }
        }
        return String.join("; ", cookies.values());
    }
}
