/**
 * Do the engineers' files do what they should? Reads them all, loads the routes, rehearses every sample, and says
 * everything that is wrong at once.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "event",
            "codec",
            "connector",
            "call",
            "camel",
            "intake :: poll-camel",
            "translate",
            "translate :: camel",
            "trigger",
            "trigger :: camel"
        })
package io.dovetail.check;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
