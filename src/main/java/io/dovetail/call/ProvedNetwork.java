package io.dovetail.call;

import io.dovetail.connector.verify.SignedAnswer;
import io.dovetail.event.FailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;

/** The network, and all by which the hub proves itself there: secrets, tokens it gets itself, sessions it begins. */
final class ProvedNetwork {

    private final Network network;
    private final Secrets secrets;
    private final Clock clock;
    private final Tokens tokens;
    private final Sessions sessions;

    ProvedNetwork(Network network, Secrets secrets, Clock clock) {
        this.network = network;
        this.secrets = secrets;
        this.clock = clock;
        this.tokens = new Tokens(clock);
        this.sessions = new Sessions(clock);
    }

    /**
     * Sends and waits for the answer, whatever it is.
     *
     * @param within how long all that it takes may take together
     * @throws FailedException of kind EXTERNAL when there is none, or the hub cannot prove itself
     */
    Answer send(Request request, Duration within) throws InterruptedException {
        var end = System.nanoTime() + within.toNanos();
        var answer = request.credentials() instanceof Credentials.Session session
                ? inSession(session, request.as(session.login()), end)
                : alone(request, end);
        if (request.reading().signedBy() != null
                && request.reading().statuses().hold(answer.status())
                && !isProved(request, answer)) {
            throw Verdict.unusable(
                    request,
                    "signature",
                    "gives an answer that is not signed by the keys in {{"
                            + SecretReference.name(request.reading().signedBy())
                            + "}}, or not for this time; compare the keys with those that it publishes");
        }
        return answer;
    }

    private boolean isProved(Request request, Answer answer) {
        try {
            var keys = SecretReference.resolve(String.valueOf(request.reading().signedBy()), this::secret);
            return SignedAnswer.isProved(answer.body(), keys, clock.instant());
        } catch (UncheckedIOException e) {
            throw Verdict.unasked(request, "secret", String.valueOf(e.getMessage()));
        }
    }

    /** As it would be sent, with a token that is got anew: for whoever sends it in a protocol of its own. */
    Request.Outgoing prepare(Request request, Duration within) throws InterruptedException {
        if (request.credentials() instanceof Credentials.Client client) {
            tokens.forget(client);
            return outgoing(request.as(token(client, request, System.nanoTime() + within.toNanos())));
        }
        return outgoing(request);
    }

    /** In the session that is open; in a new one, if that counts no more. */
    private Answer inSession(Credentials.Session session, Request request, long end) throws InterruptedException {
        var open = session(session, request, end);
        var answer = alone(request.with(open.headers()), end);
        if (isRefused(session, answer)) {
            // and so before anything was done
            sessions.forget(session, open);
            open = session(session, request, end);
            answer = alone(request.with(open.headers()), end);
        }
        if (answer.status() == 401 || isRefused(session, answer)) {
            sessions.forget(session, open);
        }
        if (session.form() == null && isRefused(session, answer)) {
            throw Verdict.unusable(
                    request,
                    "csrf token",
                    "refuses the X-CSRF-Token that it gave a moment ago, with its cookies; see that all requests reach the"
                            + " same server");
        }
        return answer;
    }

    private static boolean isRefused(Credentials.Session session, Answer answer) {
        return session.form() == null
                ? answer.status() == 403 && "Required".equalsIgnoreCase(answer.csrfToken())
                : session.form().refusals().contains(answer.status());
    }

    private Sessions.Open session(Credentials.Session session, Request request, long end) throws InterruptedException {
        try {
            return sessions.of(session, this::secret, question -> alone(question, end));
        } catch (UncheckedIOException e) {
            throw Verdict.unasked(request, "secret", String.valueOf(e.getMessage()));
        }
    }

    private Answer alone(Request request, long end) throws InterruptedException {
        if (!(request.credentials() instanceof Credentials.Client client)) {
            return bare(request, end);
        }
        var answer = bare(request.as(token(client, request, end)), end);
        if (answer.status() == 401) {
            tokens.forget(client);
        }
        return answer;
    }

    private Credentials token(Credentials.Client client, Request request, long end) throws InterruptedException {
        try {
            return tokens.of(client, this::secret, question -> Verdict.of(question, bare(question, end), clock));
        } catch (UncheckedIOException e) {
            throw Verdict.unasked(request, "secret", String.valueOf(e.getMessage()));
        }
    }

    private Answer bare(Request request, long end) throws InterruptedException {
        var left = Duration.ofNanos(end - System.nanoTime());
        if (!left.isPositive()) {
            throw Verdict.unasked(request, "deadline", "what was asked before took all of the time");
        }
        try {
            return network.send(outgoing(request), left);
        } catch (IllegalArgumentException e) {
            throw unaddressed(request);
        } catch (IOException e) {
            throw Verdict.unanswered(request, e);
        }
    }

    private Request.Outgoing outgoing(Request request) {
        try {
            return request.outgoing(this::secret);
        } catch (UncheckedIOException e) {
            throw Verdict.unasked(request, "secret", String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw unaddressed(request);
        }
    }

    private static FailedException unaddressed(Request request) {
        return Verdict.unasked(
                request, "address", "with the secrets in it, its address is none, or a header cannot be sent");
    }

    private String secret(String name) {
        try {
            return secrets.value(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
