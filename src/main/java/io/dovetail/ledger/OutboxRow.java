package io.dovetail.ledger;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One CloudEvent on its way to the bus.
 *
 * @param workflow null for the event itself
 */
public record OutboxRow(
        UUID id, String type, byte[] body, @Nullable String workflow) {}
