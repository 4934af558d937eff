/**
 * Contract check and mapping: from a partner's event, as it was received, to the one canonical event it means, or to
 * the reason why it means none.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "codec", "connector", "call", "camel"})
package io.dovetail.translate;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
