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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a delivery brings forward, and everybody who may have sent it: whose secrets fit is its sender. */
record Claim(List<Part> parts) {

    private static final List<Credential> NOBODYS = List.of(new Credential(Secrets.DEFAULT_SENDER, ""));

    /**
     * What is brought forward by one scheme.
     *
     * @param name the secret's; null where there is none
     * @param now the credentials as they are when asked: what is revoked while a body comes in proves nothing any more
     * @param keyring where the keys are instead of with the credentials; null where they are not
     */
    record Part(Proof proof, @Nullable String name, Supplier<List<Credential>> now, KeySets.@Nullable Keyring keyring) {

        /** @throws RefusedException when keys are wanted that cannot be had now */
        private List<Credential> credentials(@Nullable Content content) throws RefusedException {
            if (keyring == null) {
                return now.get();
            }
            var keys = keyring.atHand();
            if (wantsOthers(keys, content)) {
                keys = keyring.otherThan(keys);
            }
            return List.of(new Credential(Secrets.DEFAULT_SENDER, keys == null ? "" : keys));
        }

        private boolean wantsOthers(@Nullable String keys, @Nullable Content content) {
            return switch (proof) {
                case Proof.OnEnvelope p -> p.wantsOthers(keys);
                case Proof.OverBody p -> content != null && p.wantsOthers(keys, content.body());
                case Proof.InTree p -> false;
                case Proof.NotAsked p -> false;
            };
        }

        /**
         * @param all those that it is one of
         * @param content null: not here yet, and then whatever is over it may fit
         */
        private boolean fits(Credential credential, List<Credential> all, @Nullable Content content) {
            var secret = credential.secret();
            return switch (proof) {
                case Proof.NotAsked p -> true;
                case Proof.OnEnvelope p -> p.fits(secret);
                case Proof.OverBody p -> content == null || p.fits(secret, content.body());
                case Proof.InTree p -> {
                    try {
                        yield content == null || p.fits(orNewer(credential, all), content.tree());
                    } catch (MalformedException e) {
                        // what is wrong with it is told to nobody who has not proved himself
                        yield false;
                    }
                }
            };
        }

        /** Its sender's secrets as far as this one: so the oldest that is still in use is the one that proves. */
        private static List<String> orNewer(Credential credential, List<Credential> all) {
            var its = all.stream()
                    .filter(other -> other.sender().equals(credential.sender()))
                    .map(Credential::secret)
                    .toList();
            return its.subList(0, its.indexOf(credential.secret()) + 1);
        }

        private Optional<Credential> of(String sender, @Nullable Content content) throws RefusedException {
            var all = credentials(content);
            return all.stream()
                    .filter(credential -> credential.sender().equals(sender) && fits(credential, all, content))
                    .findFirst();
        }
    }

    /** A secret by which a sender has proved itself. */
    record Use(String name, Credential credential) {}

    record Proved(String sender, List<Use> uses) {}

    /** Empty when something that must be brought forward is not, and then the body need not be read. */
    static Optional<Claim> of(Connector connector, Envelope envelope, Secrets secrets, KeySets keySets, Clock clock) {
        var parts = new ArrayList<Part>();
        for (var scheme : connector.webhook().verify().parts()) {
            var proof = scheme.proof(envelope, clock);
            if (proof.isEmpty()) {
                return Optional.empty();
            }
            var name = scheme.secret();
            var address = scheme.keysAt();
            parts.add(new Part(
                    proof.get(),
                    name,
                    name == null ? () -> NOBODYS : () -> secrets.of(connector.name(), name),
                    address == null ? null : keySets.at(address)));
        }
        return Optional.of(new Claim(parts));
    }

    /** Whether it is nobody's, whatever the body is: then that need not be read either. */
    boolean isHopeless() throws RefusedException {
        return sender(null).isEmpty();
    }

    /** Whose it is, and by which secrets that is proved. */
    Optional<Proved> provedBy(Content content) throws RefusedException {
        return sender(content);
    }

    private Optional<Proved> sender(@Nullable Content content) throws RefusedException {
        var first = parts.getFirst();
        var all = first.credentials(content);
        for (var credential : all) {
            if (first.fits(credential, all, content)) {
                var proved = proved(first, credential, content);
                if (proved.isPresent()) {
                    return proved;
                }
            }
        }
        return Optional.empty();
    }

    /** Empty where the other parts are not this sender's too. */
    private Optional<Proved> proved(Part first, Credential credential, @Nullable Content content)
            throws RefusedException {
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
