/**
 * Bytes to one tree, and what may be asked of the tree: JSON, XML and EDI become the same kind of JSON tree, which is split,
 * matched and read with JSLT.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event"})
package io.dovetail.codec;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
