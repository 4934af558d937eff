package io.dovetail.relay;

import java.util.List;

/** A way onto the bus, for one thread at a time. It survives restarts of the broker: after a failure, the next call connects anew. */
public interface Bus extends AutoCloseable {

    /**
     * Publishes all of the batch in its order, or none of it, and returns when the broker has it on disk.
     *
     * @param batch all of it for addresses, or all of it for single queues
     * @throws BusException when any of that is in doubt: the batch may or may not be on the bus, and is to be sent again
     *     under the same ids. Comes within about five seconds, also when the broker hangs.
     */
    void publish(List<Message> batch);

    @Override
    void close();
}
