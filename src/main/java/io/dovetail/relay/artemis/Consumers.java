package io.dovetail.relay.artemis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;

/** Who may read from the bus. Asked again for every login, and now and then for those who are there. */
public interface Consumers {

    /** Their users, which are also the names of their queues. */
    Set<String> names();

    /** Whether it is a consumer, with a password of its own that counts now. */
    boolean isKnown(String user, String password);

    /** Those whose passwords never change. */
    static Consumers of(Map<String, String> passwords) {
        return new Consumers() {
            @Override
            public Set<String> names() {
                return passwords.keySet();
            }

            @Override
            public boolean isKnown(String user, String password) {
                var expected = passwords.get(user);
                return expected != null && MessageDigest.isEqual(utf8(expected), utf8(password));
            }

            private static byte[] utf8(String text) {
                return text.getBytes(StandardCharsets.UTF_8);
            }
        };
    }
}
