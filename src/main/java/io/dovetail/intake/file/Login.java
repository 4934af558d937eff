package io.dovetail.intake.file;

import io.dovetail.call.SecretReference;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the hub and an SFTP server prove themselves to each other, by the names of secrets.
 *
 * @param hostKey the server's public key: no other server is spoken to
 * @param privateKey the hub's; null: it shows a password
 */
record Login(
        String hostKey,
        @Nullable String privateKey,
        @Nullable String password) {

    /**
     * @return null where the folder is one of this machine
     * @throws IllegalArgumentException naming the parameter that is wrong and what it should be
     */
    static @Nullable Login of(Map<String, String> parameters) {
        var hostKey = secret(parameters, "hostKey");
        var privateKey = secret(parameters, "privateKey");
        var password = secret(parameters, "password");
        if (hostKey == null && privateKey == null && password == null) {
            return null;
        }
        if (hostKey == null || (privateKey == null) == (password == null)) {
            throw new IllegalArgumentException(
                    "a folder on an SFTP server wants hostKey, and either privateKey or password;"
                            + " one of this machine wants none of them");
        }
        return new Login(hostKey, privateKey, password);
    }

    private static @Nullable String secret(Map<String, String> parameters, String name) {
        var text = parameters.getOrDefault(name, "");
        if (text.isEmpty()) {
            return null;
        }
        var secret = SecretReference.name(text);
        if (secret == null) {
            throw new IllegalArgumentException(name + " is a secret, as \"{{acme.sftp-key}}\"");
        }
        return secret;
    }
}
