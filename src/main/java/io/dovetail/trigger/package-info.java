/**
 * Policy: which workflows a canonical event sets off, how soon, and whether a person must approve.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "connector", "camel"})
package io.dovetail.trigger;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
