package io.dovetail.intake;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.answer.Answer;
import io.dovetail.connector.answer.Handshake;
import io.dovetail.connector.verify.Envelope;
import io.dovetail.intake.RefusedException.Reason;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Vendors' handshakes: whoever may ask gets back what the connector says, and nothing is stored. A request with a body
 * is none, so that no delivery can be taken for one and be lost with a 2xx.
 */
public final class Handshakes {

    // no sender is called so: a dot ends its name
    private static final String STRANGERS = ".";

    private final Supplier<Configuration> configuration;
    private final Secrets secrets;
    private final KeySets keySets;
    private final Rotations rotations;
    private final Allowances allowances;
    private final InHand inHand;
    private final Clock clock;

    Handshakes(
            Supplier<Configuration> configuration,
            Secrets secrets,
            KeySets keySets,
            Rotations rotations,
            Allowances allowances,
            InHand inHand,
            Clock clock) {
        this.configuration = configuration;
        this.secrets = secrets;
        this.keySets = keySets;
        this.rotations = rotations;
        this.allowances = allowances;
        this.inHand = inHand;
        this.clock = clock;
    }

    /** A request before anybody has looked at it. */
    public interface Knock {

        String method();

        Envelope envelope();

        /**
         * The values of a parameter of the address, decoded; one that cannot be decoded becomes a text that is not
         * {@link Handshake#isSound sound}.
         */
        List<String> parameters(String name);

        /** Whether a byte of a body comes; waits for it. */
        boolean hasBody() throws IOException;
    }

    /** The answer to a handshake, and the challenge that it repeats. */
    public record Greeting(Answer answer, String challenge) {}

    /**
     * The answer to a handshake; empty where the request is none that the connector knows.
     *
     * @throws RefusedException when it is one and is not answered
     * @throws IOException when the vendor went away
     */
    public Optional<Greeting> greet(String connectorName, Knock knock) throws RefusedException, IOException {
        var connector = configuration.get().connector(connectorName);
        if (connector == null
                || knock.envelope().tail() != null
                        && !connector.webhook().verify().isInAddress()) {
            return Optional.empty();
        }
        for (var handshake : connector.webhook().handshakes()) {
            var challenges =
                    handshake.challenges(knock.method(), knock.envelope().headers(), knock::parameters);
            if (!challenges.isEmpty()) {
                return Optional.of(greet(connector, handshake, challenges, knock));
            }
        }
        return Optional.empty();
    }

    private Greeting greet(Connector connector, Handshake handshake, List<String> challenges, Knock knock)
            throws RefusedException, IOException {
        try (var place = inHand.enter(connector.name(), connector.webhook().limits())) {
            if (!handshake.isVerified()) {
                return greet(connector, STRANGERS, handshake, challenges, knock);
            }
            var sender = prove(connector, knock.envelope());
            try {
                return greet(connector, sender, handshake, challenges, knock);
            } catch (RefusedException e) {
                throw e.sentBy(sender);
            }
        }
    }

    private Greeting greet(
            Connector connector, String sender, Handshake handshake, List<String> challenges, Knock knock)
            throws RefusedException, IOException {
        allowances.spend(connector.name(), sender, connector.webhook().limits());
        if (knock.hasBody()) {
            throw new RefusedException(
                    Reason.BAD_HANDSHAKE,
                    "With " + handshake.place() + " this is a handshake, which has no body. Send deliveries without.");
        }
        var challenge = challenges.getFirst();
        if (challenges.size() > 1 || !Handshake.isSound(challenge)) {
            throw new RefusedException(
                    Reason.BAD_HANDSHAKE,
                    "In " + handshake.place()
                            + " there must be one challenge, of at most 1,024 printable ASCII characters.");
        }
        if (!handshake.answers(challenge)) {
            throw new RefusedException(
                    Reason.UNWANTED_HANDSHAKE,
                    "The connector does not list what is in " + handshake.place() + " as one of those it answers.");
        }
        return new Greeting(handshake.answer(), challenge);
    }

    private String prove(Connector connector, Envelope envelope) throws RefusedException {
        var proved = Claim.of(connector, envelope, secrets, keySets, clock)
                .orElseThrow(RefusedException::unauthenticated)
                .provedBy(new Content(connector.codec(), new byte[0]))
                .orElseThrow(RefusedException::unauthenticated);
        proved.uses().forEach(use -> rotations.used(connector.name(), use.name(), use.credential()));
        return proved.sender();
    }
}
