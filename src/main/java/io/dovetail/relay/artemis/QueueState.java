package io.dovetail.relay.artemis;

/**
 * What waits in a queue.
 *
 * @param paging whether its address holds more than memory may take, so that a consumer should hurry
 */
public record QueueState(String address, String queue, long messages, int consumers, boolean paging) {}
