/**
 * Asks other systems: a request of a closed form, an HTTP client within bounds, a circuit breaker for each connector that
 * asks, and one place that says what an answer means. Knows nothing of routes, and nothing of when to try again.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "codec", "connector::verify"})
package io.dovetail.call;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
