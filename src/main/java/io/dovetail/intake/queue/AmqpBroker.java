package io.dovetail.intake.queue;

import java.util.Set;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.jspecify.annotations.Nullable;

/** The broker that has the queues of senders, as the wiring gives it. */
public interface AmqpBroker {

    /** The one that runs now; null while there is none. */
    @Nullable
    ActiveMQServer server();

    /** Has queues at these addresses and at no others, from now on. */
    void open(Set<String> addresses);
}
