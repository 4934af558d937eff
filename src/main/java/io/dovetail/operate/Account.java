package io.dovetail.operate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * Somebody who may prove himself by a password.
 *
 * @param stored the passwords that count, or the hash of the one
 * @param isHashed whether {@code stored} is bcrypt's, which is slow on purpose
 */
record Account(Operator operator, List<String> stored, boolean isHashed) {

    // bcrypt passes over what is beyond
    private static final int LONGEST_PASSWORD = 72;

    static final String ADMIN = "admin";

    /** The bootstrap one. Its password is long and random, and stands in a file: a slow hash would protect nothing. */
    static Account admin(List<String> passwords) {
        return new Account(new Operator(ADMIN, Role.ADMIN), List.copyOf(passwords), false);
    }

    boolean fits(String password) {
        var given = password.getBytes(StandardCharsets.UTF_8);
        return isHashed
                ? given.length <= LONGEST_PASSWORD && BCrypt.checkpw(given, stored.getFirst())
                : stored.stream().anyMatch(one -> MessageDigest.isEqual(given, one.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public String toString() {
        return "Account[" + operator + "]";
    }
}
