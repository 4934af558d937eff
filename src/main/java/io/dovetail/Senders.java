package io.dovetail;

import io.dovetail.intake.RefusedException.Reason;
import io.dovetail.intake.queue.AmqpBroker;
import io.dovetail.intake.queue.AmqpDoors;
import io.dovetail.relay.artemis.Broker;
import io.dovetail.relay.artemis.Guests;
import java.util.List;
import java.util.Set;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerBasePlugin;
import org.jspecify.annotations.Nullable;

/** The senders of connectors are the guests of the broker. */
record Senders(AmqpDoors doors) implements Guests {

    @Override
    public boolean isKnown(String user, String password) {
        return doors.isKnown(user, password);
    }

    @Override
    public boolean maySend(String user, String address) {
        return doors.maySend(user, address);
    }

    @Override
    public void turnedAway() {
        doors.refused(null, Reason.UNAUTHENTICATED);
    }

    @Override
    public void overstepped(String user) {
        doors.refused(user, Reason.UNKNOWN_CONNECTOR);
    }

    @Override
    public List<ActiveMQServerBasePlugin> guards() {
        return List.of(doors.guard());
    }

    static AmqpBroker to(Broker broker) {
        return new AmqpBroker() {
            @Override
            public @Nullable ActiveMQServer server() {
                return broker.server();
            }

            @Override
            public void open(Set<String> addresses) {
                broker.open(addresses);
            }
        };
    }
}
