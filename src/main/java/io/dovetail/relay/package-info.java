/**
 * From the outbox to the bus: what a transaction decided to say is said, in order, and marked only once the bus has it.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "ledger"})
package io.dovetail.relay;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
