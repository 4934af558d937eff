package io.dovetail.harness;

import io.dovetail.relay.artemis.Queues;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.util.function.Consumer;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * A consumer as any other: reads one queue of the consumer {@code workflow} over AMQP 1.0, and acknowledges in batches,
 * at the latest when nothing comes for a moment.
 */
public final class Subscriber implements AutoCloseable {

    private static final int BATCH = 200;
    private static final long IDLE_MILLIS = 50;

    private final Connection connection;
    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable Exception failure;

    /** Is given each message, in order, on one thread. */
    public interface Seen {
        void accept(Message message) throws JMSException;
    }

    private Subscriber(HubProcess.Address hub, String address, Seen seen) throws JMSException {
        // a drain to look for more is a round trip for each moment without a message, though there is credit for a
        // thousand all the time; and one in some ten thousand was left unanswered
        var url = "amqp://127.0.0.1:%d?jms.prefetchPolicy.all=1000&jms.receiveLocalOnly=true".formatted(hub.amqpPort());
        connection = new JmsConnectionFactory("workflow", hub.secret("bus.workflow"), url).createConnection();
        connection.start();
        var session = connection.createSession(false, Session.CLIENT_ACKNOWLEDGE);
        var consumer = session.createConsumer(session.createQueue(Queues.qualified(address, "workflow")));
        thread = Thread.ofPlatform().daemon().name("subscriber " + address).start(() -> read(consumer, seen));
    }

    /** @param seen is given the body of each message, in order, on one thread */
    public static Subscriber of(HubProcess.Address hub, String address, Consumer<byte[]> seen) {
        return ofMessages(hub, address, message -> seen.accept(message.getBody(byte[].class)));
    }

    /** As {@link #of}, for whoever looks at more than the body. */
    public static Subscriber ofMessages(HubProcess.Address hub, String address, Seen seen) {
        try {
            return new Subscriber(hub, address, seen);
        } catch (JMSException e) {
            throw new IllegalStateException("Cannot read " + address + " at port " + hub.amqpPort(), e);
        }
    }

    private void read(MessageConsumer consumer, Seen seen) {
        try {
            Message last = null;
            var unacknowledged = 0;
            while (!closing) {
                var message = consumer.receive(IDLE_MILLIS);
                if (message != null) {
                    seen.accept(message);
                    last = message;
                    unacknowledged++;
                }
                if (last != null && (message == null || unacknowledged >= BATCH)) {
                    last.acknowledge();
                    last = null;
                    unacknowledged = 0;
                }
            }
            if (last != null) {
                last.acknowledge();
            }
        } catch (JMSException | RuntimeException e) {
            // also when the hub ends before its subscriber: what is missing then is seen by whoever counts
            failure = e;
        }
    }

    /** Why it reads no more; null while it does. */
    public @Nullable Exception failure() {
        return failure;
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(2_000);
            connection.close();
        } catch (JMSException | InterruptedException e) {
            // the hub went first, which ends this as well
        }
    }
}
