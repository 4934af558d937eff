package io.dovetail.relay.artemis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.UUID;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager2;
import org.jspecify.annotations.Nullable;

/**
 * Who may connect: the hub itself, with a password nobody else ever sees, and each consumer, whose role is its own name;
 * and guests, of whom somebody else knows.
 */
final class Users implements ActiveMQSecurityManager2 {

    static final String HUB = "hub";

    private static final String GUEST = "guest of the hub";

    private final String hubPassword = UUID.randomUUID().toString();
    private final Consumers consumers;
    private final Guests guests;

    Users(Consumers consumers, Guests guests) {
        this.consumers = consumers;
        this.guests = guests;
    }

    String hubPassword() {
        return hubPassword;
    }

    /** Whether it is a consumer whom this password let in, and would not again. */
    boolean isRevoked(@Nullable String user, @Nullable String password) {
        return user != null && consumers.isRevoked(user, password == null ? "" : password);
    }

    @Override
    public boolean validateUser(
            @Nullable String user, @Nullable String password, X509Certificate @Nullable [] certificates) {
        return validateUser(user, password);
    }

    @Override
    public boolean validateUser(@Nullable String user, @Nullable String password) {
        // whoever names nobody is a stranger, too, of whom guests are to hear
        var name = user == null ? "" : user;
        var proof = password == null ? "" : password;
        return isOurs(name, proof) || guests.isKnown(name, proof);
    }

    @Override
    public boolean validateUserAndRole(
            @Nullable String user,
            @Nullable String password,
            Set<Role> roles,
            CheckType permission,
            String address,
            RemotingConnection connection) {
        if (user == null || password == null) {
            return false;
        }
        if (user.equals(HUB) || consumers.names().contains(user)) {
            var may = validateUserAndRole(user, password, roles, permission);
            if (!may && isOurs(user, password)) {
                guests.overstepped(user);
            }
            return may;
        }
        if (!guests.isKnown(user, password)) {
            return false;
        }
        var may = permission == CheckType.SEND
                && roles.stream().anyMatch(role -> role.getName().equals(GUEST))
                && guests.maySend(user, address);
        if (!may) {
            guests.overstepped(user);
        }
        return may;
    }

    @Override
    public boolean validateUserAndRole(
            @Nullable String user, @Nullable String password, Set<Role> roles, CheckType permission) {
        return user != null
                && password != null
                && isOurs(user, password)
                && roles.stream().anyMatch(role -> role.getName().equals(user) && permission.hasRole(role));
    }

    private boolean isOurs(String user, String password) {
        return user.equals(HUB)
                ? MessageDigest.isEqual(utf8(hubPassword), utf8(password))
                : consumers.isKnown(user, password);
    }

    /** May send where they are let. */
    static Role guests() {
        return role(GUEST, true, false);
    }

    /** May send, and nothing else. */
    static Role sender() {
        return role(HUB, true, false);
    }

    /** May read and browse, and nothing else. */
    static Role reader(String consumer) {
        return role(consumer, false, true);
    }

    private static Role role(String user, boolean send, boolean read) {
        return new Role(user, send, read, false, false, false, false, false, read, false, false, false, false);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
