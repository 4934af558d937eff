package io.dovetail.event;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A workflow to be started because of an event.
 *
 * @param id see {@link Ids#trigger}
 * @param workflow the name under which workflow engines know it, e.g. {@code order-review}
 * @param due until when it should be done; counts from when the delivery was accepted
 * @param approval why a human must approve; null when nobody has to
 * @param policy id of the route that decided
 * @param policyHash SHA-256 over that route's file, 16 hex digits
 * @param event what set it off
 */
public record Trigger(
        UUID id,
        String workflow,
        Priority priority,
        Instant due,
        @Nullable String approval,
        String policy,
        String policyHash,
        Event event) {}
