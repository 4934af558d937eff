package io.dovetail.relay;

import java.util.List;

/** Where consumers listen. */
public interface Bus {

    /**
     * One CloudEvent, structured JSON.
     *
     * @param address e.g. {@code hub.events}
     * @param durable whether it must survive a restart of the bus
     */
    record Message(String address, String id, String type, byte[] body, boolean durable) {}

    /**
     * Publishes all in this order, in one transaction; returns when the bus has acknowledged them.
     *
     * @throws BusException when it has not, or might not have; nothing may be marked then, and the next call begins
     *     with a new session
     */
    void publish(List<Message> messages) throws BusException;

    /** The bus did not acknowledge. */
    final class BusException extends Exception {
        public BusException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
