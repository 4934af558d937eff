package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.nimbusds.jose.JOSEObjectType;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The token is the body, and all of it. */
sealed interface TokenAsBody extends ByToken permits SecurityEventToken, VerifiableCredential {

    /** What such a token calls itself. */
    JOSEObjectType type();

    @Override
    default Optional<Proof> proof(Envelope envelope, Clock clock) {
        return Optional.of(new OfBody(this, clock));
    }

    record OfBody(TokenAsBody scheme, Clock clock) implements Proof.OverBody {

        private Optional<Jws.Token> token(byte[] body) {
            return scheme.jws()
                    .parse(new String(body, ISO_8859_1))
                    .filter(token -> scheme.isMeant(token, clock.instant()));
        }

        @Override
        public boolean fits(String secret, byte[] body) {
            return token(body).filter(token -> scheme.jws().fits(token, secret)).isPresent();
        }

        @Override
        public boolean wantsOthers(@Nullable String keys, byte[] body) {
            return token(body)
                    .filter(token -> keys == null || !scheme.jws().knows(token, keys))
                    .isPresent();
        }
    }

    @Override
    default byte[] fill(byte[] body, String key) {
        return jws().signAnew(type(), body, key);
    }

    /** Nothing: it is the body. */
    @Override
    default Map<String, String> sign(Outgoing delivery, String key) {
        return Map.of();
    }
}
