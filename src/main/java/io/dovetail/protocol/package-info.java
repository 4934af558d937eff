/** Standards that need code of their own, a sub-package each: known by the standard, never by who speaks it. */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "codec", "call"})
package io.dovetail.protocol;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
