package io.dovetail.call;

import java.io.IOException;

/** Where the secrets are by which the hub proves itself to others. */
@FunctionalInterface
public interface Secrets {

    /** @throws IOException when there is no such secret; its message names it */
    String value(String name) throws IOException;
}
