package io.dovetail.connector.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery brings forward to show who sent it, by how much of the delivery must be there before it can be
 * judged. A misshapen one is "no", never an exception; all comparisons take the same time wherever they differ.
 */
public sealed interface Proof {

    /** Stands on the envelope alone: when it fits nobody, the body need not be read. */
    @FunctionalInterface
    non-sealed interface OnEnvelope extends Proof {

        boolean fits(String secret);

        /**
         * Whether other keys than these might prove it.
         *
         * @param keys null: there are none yet
         */
        default boolean wantsOthers(@Nullable String keys) {
            return keys == null;
        }
    }

    /** Is over the raw bytes of the body. */
    @FunctionalInterface
    non-sealed interface OverBody extends Proof {

        boolean fits(String secret, byte[] body);

        /** As {@link OnEnvelope#wantsOthers}. */
        default boolean wantsOthers(@Nullable String keys, byte[] body) {
            return keys == null;
        }
    }

    /** Stands in the body's fields, which are read only now, within all limits. */
    @FunctionalInterface
    non-sealed interface InTree extends Proof {

        /** @param secrets of one sender, of which each place in the tree holds one */
        boolean fits(List<String> secrets, JsonNode tree);
    }

    /** Nobody has to prove anything. */
    record NotAsked() implements Proof {}
}
