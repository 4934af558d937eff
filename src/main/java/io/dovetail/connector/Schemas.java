package io.dovetail.connector;

import org.jspecify.annotations.Nullable;

/** The compiled schemas of {@code schemas/}, by name. References resolve inside this folder only, never over a network. */
public final class Schemas {

    /** @param name e.g. {@code events/order.placed.v1} */
    public @Nullable Schema find(String name) {
        throw new UnsupportedOperationException();
    }
}
