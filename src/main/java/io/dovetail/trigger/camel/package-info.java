/** Policy as Camel routes: {@code routes/triggers/}, asked about the events whose types they declare. */
@NullMarked
@NamedInterface("camel")
package io.dovetail.trigger.camel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
