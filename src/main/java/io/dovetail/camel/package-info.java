/**
 * What the hub's routes have in common: a Camel context made from a set of files held in memory, the {@code hub:} verbs,
 * the {@code https:} and {@code salesforce:} endpoints and the {@code jslt} language that routes may use, and the lint
 * that says what they may not.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "codec", "connector", "call"})
package io.dovetail.camel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
