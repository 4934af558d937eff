/**
 * What a folder under {@code connectors/} says, read and checked as a whole together with the schemas and routes, all
 * problems at once, and known by the hash of its content.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "codec"})
package io.dovetail.connector;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
