/** Queues as doors: what waits in them is taken in, in their order, and acknowledged once it is stored for good. */
@NullMarked
@NamedInterface("queue")
package io.dovetail.intake.queue;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
