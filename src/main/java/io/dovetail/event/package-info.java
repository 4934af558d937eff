/**
 * What the hub says: canonical events, workflow triggers and telemetry, their ids and their CloudEvents form, and the
 * kinds in which things fail. Knows nothing of where it came from or where it goes.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.dovetail.event;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
