package io.dovetail.operate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * Somebody who may prove himself by a password.
 *
 * @param stored the password, or its hash
 * @param isHashed whether {@code stored} is bcrypt's, which is slow on purpose
 */
record Account(Operator operator, String stored, boolean isHashed) {

    // bcrypt passes over what is beyond
    private static final int LONGEST_PASSWORD = 72;

    /** The bootstrap one. Its password is long and random, and stands in a file: a slow hash would protect nothing. */
    static Account admin(AdminPassword password) {
        return new Account(new Operator("admin", Role.ADMIN), password.value(), false);
    }

    boolean fits(String password) {
        var given = password.getBytes(StandardCharsets.UTF_8);
        return isHashed
                ? given.length <= LONGEST_PASSWORD && BCrypt.checkpw(given, stored)
                : MessageDigest.isEqual(given, stored.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "Account[" + operator + "]";
    }
}
