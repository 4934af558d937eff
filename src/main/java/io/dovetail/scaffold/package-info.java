/** A connector to begin with: a folder that passes {@code ./hub check} at once, made up or proposed from samples. */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "codec", "connector", "check", "camel"})
package io.dovetail.scaffold;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
