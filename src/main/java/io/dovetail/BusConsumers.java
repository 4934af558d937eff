package io.dovetail;

import io.dovetail.intake.Secrets;
import io.dovetail.intake.Secrets.Credential;
import io.dovetail.relay.artemis.Consumers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import java.util.function.BiConsumer;

/** The consumers of the bus, each with the secret {@code bus.<consumer>}. */
final class BusConsumers implements Consumers {

    /** What the names of their secrets begin with; no connector is called so. */
    static final String SECRETS = "bus";

    private final Set<String> names;
    private final Secrets secrets;
    // the broker starts before there are metrics
    private volatile BiConsumer<String, Credential> proofs = (consumer, credential) -> {};

    BusConsumers(Set<String> names, Secrets secrets) {
        this.names = names;
        this.secrets = secrets;
    }

    /** @param proofs told, by the consumer's name, of each password that holds */
    void connect(BiConsumer<String, Credential> proofs) {
        this.proofs = proofs;
    }

    @Override
    public Set<String> names() {
        return names;
    }

    @Override
    public boolean isKnown(String user, String password) {
        if (!names.contains(user)) {
            return false;
        }
        var known = secrets.of(SECRETS, user).stream()
                .filter(one -> one.sender().equals(Secrets.DEFAULT_SENDER))
                .filter(one -> MessageDigest.isEqual(utf8(one.secret()), utf8(password)))
                .findFirst();
        known.ifPresent(one -> proofs.accept(user, one));
        return known.isPresent();
    }

    @Override
    public boolean isRevoked(String user, String password) {
        return names.contains(user) && secrets.isSureOf(SECRETS + "." + user) && !isKnown(user, password);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
