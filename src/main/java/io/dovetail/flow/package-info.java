/**
 * The partition workers: claim events in order, run them through contract, mapping and policies, write what became of
 * them, hold the keys of those that are parked and let them go again. Events whose routes ask other systems are judged
 * beside them, and try again for as long as it takes.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "codec", "connector", "call", "ledger", "translate", "trigger"})
package io.dovetail.flow;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
