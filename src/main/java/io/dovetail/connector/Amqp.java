package io.dovetail.connector;

import org.jspecify.annotations.Nullable;

/**
 * The queue {@code in.<connector>} of a connector, to which its senders send over AMQP 1.0. Media types and the largest
 * body are the webhook's.
 *
 * @param deliveryId the application property with the sender's delivery id; null: the message id is it
 */
public record Amqp(@Nullable String deliveryId) {

    /** The secret with a sender's password: {@code <connector>.amqp} or {@code <connector>.<sender>.amqp}. */
    public static final String SECRET = "amqp";
}
