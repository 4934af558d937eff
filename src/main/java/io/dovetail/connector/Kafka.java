package io.dovetail.connector;

/**
 * A Kafka topic whose records are deliveries of a connector. Media types and the largest body are the webhook's.
 *
 * @param sender in whose name the records are; Kafka has proved whoever may write there
 */
public record Kafka(String topic, String sender) {}
