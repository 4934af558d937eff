package io.dovetail.relay.artemis;

import io.dovetail.relay.Addresses;

/**
 * What a consumer's queue on an address is called. Artemis wants queue names to be unique in the whole broker, so only
 * the queue of events bears the consumer's bare name: {@code hub.events::workflow}, but
 * {@code hub.triggers::workflow.triggers}.
 */
public final class Queues {

    private Queues() {}

    static String name(String address, String consumer) {
        return address.equals(Addresses.EVENTS) ? consumer : consumer + "." + address.substring("hub.".length());
    }

    /** As a consumer asks for it over AMQP, such as {@code hub.triggers::workflow.triggers}. */
    public static String qualified(String address, String consumer) {
        return address + "::" + name(address, consumer);
    }

    /** Where messages of an address go that a consumer rejected too often, or that no queue took. */
    static String deadLetters(String address) {
        return "DLQ." + address;
    }
}
