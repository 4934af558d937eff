package io.dovetail.intake;

import io.dovetail.codec.MalformedException;
import io.dovetail.connector.Connector;
import io.dovetail.connector.verify.Envelope;
import io.dovetail.connector.verify.Proof;
import io.dovetail.intake.Secrets.Credential;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What a delivery brings forward, and everybody who may have sent it: whose secret fits is its sender. */
record Claim(Proof proof, List<Credential> credentials) {

    /** Empty when nothing is brought forward, and then the body need not be read. */
    static Optional<Claim> of(Connector connector, Envelope envelope, Secrets secrets, Clock clock) {
        var verify = connector.webhook().verify();
        var secret = verify.secret();
        return verify.proof(envelope, clock)
                .map(proof -> new Claim(proof, secret == null ? List.of() : secrets.of(connector.name(), secret)));
    }

    /** Whether it is nobody's, whatever the body is: then that need not be read either. */
    boolean isHopeless() {
        return switch (proof) {
            case Proof.NotAsked p -> false;
            case Proof.OnEnvelope p -> first(p::fits).isEmpty();
            case Proof.OverBody p -> credentials.isEmpty();
            case Proof.InTree p -> credentials.isEmpty();
        };
    }

    /** By which credential it is proved, and so whose it is. */
    Optional<Credential> provedBy(Content content) {
        return switch (proof) {
            case Proof.NotAsked p -> Optional.of(new Credential(Secrets.DEFAULT_SENDER, ""));
            case Proof.OnEnvelope p -> first(p::fits);
            case Proof.OverBody p -> first(secret -> p.fits(secret, content.body()));
            case Proof.InTree p -> {
                try {
                    var tree = content.tree();
                    yield first(secret -> p.fits(secret, tree));
                } catch (MalformedException e) {
                    // what is wrong with it is told to nobody who has not proved himself
                    yield Optional.empty();
                }
            }
        };
    }

    private Optional<Credential> first(Predicate<String> fits) {
        return credentials.stream()
                .filter(credential -> fits.test(credential.secret()))
                .findFirst();
    }
}
