package io.dovetail.relay.artemis;

import java.util.Set;

/** Who may read from the bus. Asked again for every login, and now and then for those who are there. */
public interface Consumers {

    /** Their users, which are also the names of their queues. */
    Set<String> names();

    /** Whether it is a consumer, with a password of its own that counts now. */
    boolean isKnown(String user, String password);

    /** Whether it is a consumer who has come by a password that surely counts no more. */
    boolean isRevoked(String user, String password);
}
