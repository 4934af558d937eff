package io.dovetail.intake.queue;

import io.dovetail.connector.Amqp;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.intake.Admission;
import io.dovetail.intake.RefusedException;
import io.dovetail.intake.RefusedException.Reason;
import io.dovetail.intake.Secrets;
import io.dovetail.intake.Secrets.Credential;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerBasePlugin;
import org.jspecify.annotations.Nullable;

/**
 * Which connectors have a queue, who may send to it, and what it takes. Begins before the hub has an intake: what is sent
 * then waits.
 */
public final class AmqpDoors {

    /** Who hears of what is turned away. */
    @FunctionalInterface
    public interface Refusals {

        /**
         * @param connector null where there is none
         * @param sender null where nobody has proved to be one; where there is no connector, a consumer of the bus
         */
        void refused(@Nullable String connector, @Nullable String sender, Reason reason);
    }

    private final Secrets secrets;
    private final AmqpGuard guard;
    private volatile Configuration configuration;
    private volatile @Nullable Admission admission;
    private volatile Refusals refusals = (connector, sender, reason) -> {};
    private volatile BiConsumer<Connector, Credential> proofs = (connector, credential) -> {};

    /**
     * @param configuration the first that is live
     * @param maxMessageBytes larger messages end their connection
     */
    public AmqpDoors(Configuration configuration, Secrets secrets, int maxMessageBytes) {
        this.configuration = configuration;
        this.secrets = secrets;
        this.guard = new AmqpGuard(this, maxMessageBytes);
    }

    /** Another version is live. */
    public void become(Configuration next) {
        configuration = next;
    }

    /**
     * @param admission whether anything is let in
     * @param refusals told of each message, each connection and each user that is turned away
     * @param proofs told of each password that holds
     */
    public void connect(Admission admission, Refusals refusals, BiConsumer<Connector, Credential> proofs) {
        this.admission = admission;
        this.refusals = refusals;
        this.proofs = proofs;
    }

    /** The addresses that are open. */
    public Set<String> addresses() {
        var addresses = new TreeSet<String>();
        for (var connector : configuration.connectors().values()) {
            if (connector.amqp() != null) {
                addresses.add(AmqpUser.address(connector.name()));
            }
        }
        return addresses;
    }

    /** Who may log in now, by the names that they have on the broker. */
    public Set<String> users() {
        var users = new TreeSet<String>();
        for (var connector : configuration.connectors().values()) {
            if (connector.amqp() != null) {
                secrets.of(connector.name(), Amqp.SECRET)
                        .forEach(one -> users.add(new AmqpUser(connector.name(), one.sender()).name()));
            }
        }
        return users;
    }

    /** Whether it is a sender, with its password. */
    public boolean isKnown(String user, String password) {
        var sender = AmqpUser.of(user).orElse(null);
        var connector = sender == null ? null : connector(sender.connector());
        if (sender == null || connector == null) {
            refusals.refused(null, null, Reason.UNAUTHENTICATED);
            return false;
        }
        var credential = secrets.of(connector.name(), Amqp.SECRET).stream()
                .filter(one -> one.sender().equals(sender.sender()))
                .filter(one -> MessageDigest.isEqual(utf8(one.secret()), utf8(password)))
                .findFirst();
        credential.ifPresentOrElse(
                proof -> proofs.accept(connector, proof),
                () -> refusals.refused(connector.name(), null, Reason.UNAUTHENTICATED));
        return credential.isPresent();
    }

    /** @param user who is known */
    public boolean maySend(String user, String address) {
        return AmqpUser.of(user)
                .filter(sender -> sender.address().equals(address))
                .isPresent();
    }

    /** What has to look at everything that comes to the broker. */
    public ActiveMQServerBasePlugin guard() {
        return guard;
    }

    /** Null where it has no queue. */
    @Nullable
    Connector connector(String name) {
        var connector = configuration.connector(name);
        return connector == null || connector.amqp() == null ? null : connector;
    }

    void admit() throws RefusedException {
        var known = admission;
        if (known != null) {
            known.require();
        }
    }

    /** @param user who has proved to be it; null where nobody has */
    public void refused(@Nullable String user, Reason reason) {
        AmqpUser.of(user)
                .ifPresentOrElse(
                        sender -> refusals.refused(sender.connector(), sender.sender(), reason),
                        () -> refusals.refused(null, user, reason));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
