/**
 * The edge: is it really from them, is it within limits, have we got it already. Whatever door a delivery comes
 * through, it is answered only after it is stored.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "event",
            "codec",
            "connector",
            "connector :: answer",
            "connector :: verify",
            "call",
            "camel",
            "ledger",
            "protocol :: pubsub"
        })
package io.dovetail.intake;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
