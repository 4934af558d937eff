package io.dovetail;

import io.dovetail.intake.Secrets;
import io.dovetail.intake.Secrets.Credential;
import io.dovetail.operate.AdminPasswords;
import java.util.List;
import java.util.function.Consumer;

/**
 * The secret {@code hub.admin}, unless a setting replaces it.
 *
 * @param given empty for the secret
 * @param proofs told of each password that holds
 */
record AdminSecret(String given, Secrets secrets, Consumer<Credential> proofs) implements AdminPasswords {

    /** What the secret's name begins with; no connector is called so. */
    static final String OWNER = "hub";

    static final String NAME = "admin";

    @Override
    public List<String> now() {
        return credentials().stream().map(Credential::secret).toList();
    }

    @Override
    public void used(String password) {
        credentials().stream()
                .filter(one -> one.secret().equals(password))
                .findFirst()
                .ifPresent(proofs);
    }

    private List<Credential> credentials() {
        return given.isEmpty()
                ? secrets.of(OWNER, NAME).stream()
                        .filter(one -> one.sender().equals(Secrets.DEFAULT_SENDER))
                        .toList()
                : List.of(new Credential(Secrets.DEFAULT_SENDER, given));
    }

    @Override
    public String toString() {
        return "AdminSecret[…]";
    }
}
