package io.dovetail.intake;

import io.dovetail.codec.MalformedException;
import io.dovetail.connector.Connector;
import io.dovetail.connector.verify.Envelope;
import io.dovetail.connector.verify.Proof;
import io.dovetail.intake.Secrets.Credential;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a delivery brings forward, and everybody who may have sent it: whose secrets fit is its sender. */
record Claim(List<Part> parts) {

    /**
     * What is brought forward by one scheme.
     *
     * @param name the secret's; null where there is none
     */
    record Part(Proof proof, @Nullable String name, List<Credential> credentials) {

        /** @param content null: not here yet, and then whatever is over it may fit */
        private boolean fits(Credential credential, @Nullable Content content) {
            var secret = credential.secret();
            return switch (proof) {
                case Proof.NotAsked p -> true;
                case Proof.OnEnvelope p -> p.fits(secret);
                case Proof.OverBody p -> content == null || p.fits(secret, content.body());
                case Proof.InTree p -> {
                    try {
                        yield content == null || p.fits(secret, content.tree());
                    } catch (MalformedException e) {
                        // what is wrong with it is told to nobody who has not proved himself
                        yield false;
                    }
                }
            };
        }

        private Optional<Credential> of(String sender, @Nullable Content content) {
            return credentials.stream()
                    .filter(credential -> credential.sender().equals(sender) && fits(credential, content))
                    .findFirst();
        }
    }

    /** A secret by which a sender has proved itself. */
    record Use(String name, Credential credential) {}

    record Proved(String sender, List<Use> uses) {}

    /** Empty when something that must be brought forward is not, and then the body need not be read. */
    static Optional<Claim> of(Connector connector, Envelope envelope, Secrets secrets, Clock clock) {
        var parts = new ArrayList<Part>();
        for (var scheme : connector.webhook().verify().parts()) {
            var proof = scheme.proof(envelope, clock);
            if (proof.isEmpty()) {
                return Optional.empty();
            }
            var name = scheme.secret();
            parts.add(new Part(
                    proof.get(),
                    name,
                    name == null
                            ? List.of(new Credential(Secrets.DEFAULT_SENDER, ""))
                            : secrets.of(connector.name(), name)));
        }
        return Optional.of(new Claim(parts));
    }

    /** Whether it is nobody's, whatever the body is: then that need not be read either. */
    boolean isHopeless() {
        return sender(null).isEmpty();
    }

    /** Whose it is, and by which secrets that is proved. */
    Optional<Proved> provedBy(Content content) {
        return sender(content);
    }

    private Optional<Proved> sender(@Nullable Content content) {
        var first = parts.getFirst();
        for (var credential : first.credentials) {
            if (first.fits(credential, content)) {
                var proved = proved(first, credential, content);
                if (proved.isPresent()) {
                    return proved;
                }
            }
        }
        return Optional.empty();
    }

    /** Empty where the other parts are not this sender's too. */
    private Optional<Proved> proved(Part first, Credential credential, @Nullable Content content) {
        var uses = new ArrayList<Use>();
        add(uses, first, credential);
        for (var part : parts.subList(1, parts.size())) {
            var other = part.of(credential.sender(), content);
            if (other.isEmpty()) {
                return Optional.empty();
            }
            add(uses, part, other.get());
        }
        return Optional.of(new Proved(credential.sender(), uses));
    }

    private static void add(List<Use> uses, Part part, Credential credential) {
        if (part.name != null) {
            uses.add(new Use(part.name, credential));
        }
    }
}
