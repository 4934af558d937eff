package io.dovetail.relay;

/**
 * One CloudEvent on its way to the bus.
 *
 * @param address one of {@link Addresses}, or a single queue of it, as {@code address::queue}
 * @param id the CloudEvent's id, by which consumers tell a repeated message
 * @param type the CloudEvent's type
 * @param body the CloudEvent in structured JSON; not copied, so not to be changed any more
 * @param durable whether it must outlive the broker's process
 */
public record Message(String address, String id, String type, byte[] body, boolean durable) {

    /** The same for somebody else. */
    Message to(String target) {
        return new Message(target, id, type, body, durable);
    }
}
