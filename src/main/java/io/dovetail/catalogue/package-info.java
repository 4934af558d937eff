/**
 * What the engineers' files say, told to others: the events a hub publishes and where each of their fields comes from,
 * as AsyncAPI, OpenAPI and pages to read. Made from the files alone; a hub need not run.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "event",
            "codec",
            "connector",
            "connector :: answer",
            "connector :: verify",
            "intake",
            "relay"
        })
package io.dovetail.catalogue;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
