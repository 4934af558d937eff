package io.dovetail.ledger.postgres;

/** A database user and its password; never shows the password when printed. */
public record Credential(String user, String password) {

    @Override
    public String toString() {
        return "Credential[user=" + user + "]";
    }
}
