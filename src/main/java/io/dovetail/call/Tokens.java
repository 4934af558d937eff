package io.dovetail.call;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.call.Credentials.Bearer;
import io.dovetail.call.Credentials.Client;
import io.dovetail.event.FailedException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** The tokens that the hub has got itself as a client, for as long as they are good. */
final class Tokens {

    private static final Duration EARLY = Duration.ofSeconds(30);
    /** Some never say for how long one is good (Salesforce): it is shown until it gets 401, and for no longer than this. */
    private static final Duration UNSAID = Duration.ofMinutes(5);

    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Map<String, String> HEADERS = Map.of(
            "Accept",
            "application/json",
            "Content-Type",
            "application/x-www-form-urlencoded",
            "User-Agent",
            "dovetail");

    private final Clock clock;
    private final Map<Client, Token> tokens = new ConcurrentHashMap<>();

    /** @param basis what it was got with; with another secret, or at another place, it is not for use */
    private record Token(String basis, Bearer bearer, Instant until) {}

    /** Sends a request, and gives the answer's tree. */
    interface Sender {
        JsonNode send(Request request) throws InterruptedException;
    }

    Tokens(Clock clock) {
        this.clock = clock;
    }

    /**
     * One that is good, got anew where it has to be.
     *
     * @throws FailedException of kind EXTERNAL when there is none to be had: that says nothing about what it is wanted for
     */
    Bearer of(Client client, UnaryOperator<String> secrets, Sender sender) throws InterruptedException {
        var body = client.body(secrets);
        var basis = SecretReference.resolve(client.endpoint(), secrets) + " " + client.header(secrets) + " "
                + new String(body, StandardCharsets.US_ASCII);
        var known = tokens.get(client);
        if (known != null && known.basis.equals(basis) && clock.instant().isBefore(known.until)) {
            return known.bearer;
        }
        var shown = client.secret() == null ? null : client;
        var request =
                new Request("POST", client.endpoint(), client.endpoint(), HEADERS, shown, Statuses.of("200"), body);
        var begin = clock.instant();
        try {
            var answer = sender.send(request);
            var token = answer.path("access_token").asText("");
            // what else it holds would end a header
            if (!token.matches("[\\x21-\\x7E]{1,16384}")) {
                throw Verdict.unusable(request, "token", "gives no access_token");
            }
            var bearer = new Bearer(token);
            var life = life(answer.path("expires_in").asLong(UNSAID.toSeconds()));
            tokens.put(client, new Token(basis, bearer, begin.plus(life)));
            return bearer;
        } catch (FailedException e) {
            throw Verdict.aboutLogin(e, client.user() != null);
        }
    }

    /** It is good no more, whatever it said of itself. */
    void forget(Client client) {
        tokens.remove(client);
    }

    /** Somewhat less than it says, so that it does not end on its way. */
    private static Duration life(long seconds) {
        var life = Duration.ofSeconds(Math.clamp(seconds, 0, LONGEST.toSeconds()));
        var half = life.dividedBy(2);
        return life.minus(EARLY.compareTo(half) < 0 ? EARLY : half);
    }
}
