/** What operators see and do: the API, health, metrics, and the security of all that is not the edge. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "event",
            "codec",
            "connector",
            "connector :: verify",
            "intake :: poll",
            "ledger",
            "flow",
            "relay",
            "replay"
        })
package io.dovetail.operate;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
