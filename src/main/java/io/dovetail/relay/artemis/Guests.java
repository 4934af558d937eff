package io.dovetail.relay.artemis;

import java.util.List;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerBasePlugin;

/**
 * Who may send to the hub by way of its broker, each to an address of its own below {@value #PREFIX}, and nothing else.
 * Asked again for every message, so that whoever is shut out stays out, connected or not.
 */
public interface Guests {

    /** What the addresses of guests begin with; no part of the bus does. */
    String PREFIX = "in.";

    boolean isKnown(String user, String password);

    /** @param user who is known */
    boolean maySend(String user, String address);

    /** Told of each stranger who was turned away without a word about who he is. */
    void turnedAway();

    /** Told of each who is known and wanted what is not his: a guest, or a consumer. */
    void overstepped(String user);

    /** What looks at their connections and at everything they send. */
    List<ActiveMQServerBasePlugin> guards();

    /** A broker for consumers alone, with nothing between them and Proton. */
    static Guests none() {
        return new Guests() {
            @Override
            public boolean isKnown(String user, String password) {
                return false;
            }

            @Override
            public boolean maySend(String user, String address) {
                return false;
            }

            @Override
            public void turnedAway() {}

            @Override
            public void overstepped(String user) {}

            @Override
            public List<ActiveMQServerBasePlugin> guards() {
                return List.of();
            }
        };
    }
}
