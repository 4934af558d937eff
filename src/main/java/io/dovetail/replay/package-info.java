/** Repair: a dead letter is edited, or what broke it is, and it goes on its way again; or it is discarded. */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "codec", "connector", "ledger"})
package io.dovetail.replay;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
