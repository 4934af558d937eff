package io.dovetail.relay.artemis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager;
import org.jspecify.annotations.Nullable;

/** Who may connect: the hub itself, with a password nobody else ever sees, and each consumer. A user's role is its own name. */
final class Users implements ActiveMQSecurityManager {

    static final String HUB = "hub";

    private final Map<String, String> passwords;

    Users(Map<String, String> consumers) {
        passwords = new HashMap<>(consumers);
        passwords.put(HUB, UUID.randomUUID().toString());
    }

    String hubPassword() {
        return passwords.getOrDefault(HUB, "");
    }

    @Override
    public boolean validateUser(@Nullable String user, @Nullable String password) {
        var expected = user == null ? null : passwords.get(user);
        return expected != null && password != null && MessageDigest.isEqual(utf8(expected), utf8(password));
    }

    @Override
    public boolean validateUserAndRole(
            @Nullable String user, @Nullable String password, Set<Role> roles, CheckType permission) {
        return validateUser(user, password)
                && roles.stream().anyMatch(role -> role.getName().equals(user) && permission.hasRole(role));
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
