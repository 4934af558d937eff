/** The {@code hub} command: what engineers and operators type. Asks a running hub by its API alone. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "event",
            "codec",
            "connector",
            "connector :: verify",
            "check",
            "camel",
            "catalogue",
            "scaffold"
        })
package io.dovetail.cli;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
