package io.dovetail.connector.verify;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A signed token is the proof. */
sealed interface ByToken extends Scheme permits Jwt, TokenAsBody {

    Jws jws();

    Keys keys();

    /** Whether it is one for this connector, and its time is right; whoever has signed it. */
    boolean isMeant(Jws.Token token, Instant now);

    @Override
    default @Nullable String secret() {
        return keys().secret();
    }

    @Override
    default @Nullable URI keysAt() {
        return keys().address();
    }

    @Override
    default Invented invent(String user) {
        return jws().invent();
    }
}
