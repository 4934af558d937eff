package io.dovetail.intake;

import io.dovetail.codec.Acknowledgement;
import io.dovetail.ledger.Acceptance;
import org.jspecify.annotations.Nullable;

/**
 * What a sender is told of a delivery that was taken.
 *
 * @param acknowledgement as its protocol wants it; null: nothing of its own
 */
public record Receipt(Acceptance acceptance, @Nullable Acknowledgement acknowledgement) {}
