/**
 * The bus as Artemis knows it: the broker that comes with the hub, its queues and who may read them, and the session
 * that publishes to it.
 */
@NullMarked
@NamedInterface("artemis")
package io.dovetail.relay.artemis;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
