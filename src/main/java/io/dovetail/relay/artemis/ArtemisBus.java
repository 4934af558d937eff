package io.dovetail.relay.artemis;

import io.dovetail.relay.Bus;
import io.dovetail.relay.BusException;
import io.dovetail.relay.Message;
import java.util.List;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.utils.CompositeAddress;
import org.jspecify.annotations.Nullable;

/** One transacted session of Artemis' own client: messages go out without waiting, and the commit waits for all of them. */
final class ArtemisBus implements Bus {

    private static final long DEADLINE_MILLIS = 5_000;
    // What the broker makes the AMQP content type of (AMQPMessageSupport.JMS_AMQP_CONTENT_TYPE)
    private static final SimpleString CONTENT_TYPE = SimpleString.of("JMS_AMQP_ContentType");
    private static final SimpleString CLOUD_EVENT = SimpleString.of("application/cloudevents+json");
    // The body is AMQP data (AMQPMessageSupport.AMQP_DATA). Unsaid, the broker finds out by an exception for each
    // message.
    private static final SimpleString ENCODING = SimpleString.of("JMS_AMQP_ORIGINAL_ENCODING");
    private static final short DATA = 2;
    private static final SimpleString ID = SimpleString.of("id");
    private static final SimpleString TYPE = SimpleString.of("type");

    private final String url;
    private final String user;
    private final String password;
    private @Nullable Link link;

    ArtemisBus(String url, String user, String password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    @Override
    public synchronized void publish(List<Message> batch) {
        if (batch.isEmpty()) {
            return;
        }
        var toQueues = isForQueues(batch);
        if (link != null && link.toQueues != toQueues) {
            close();
        }
        try {
            var open = link == null ? link = Link.open(url, user, password, toQueues) : link;
            for (var message : batch) {
                open.producer.send(SimpleString.of(message.address()), open.message(message));
            }
            open.session.commit();
        } catch (Exception e) {
            // Closing rolls back whatever was not committed; what was, is sent again under the same ids.
            close();
            throw new BusException("The bus did not confirm %d messages: %s".formatted(batch.size(), e), e);
        }
    }

    /**
     * Whether all of it is for single queues. Artemis' session remembers where the last message of an address went, and
     * lets the next go the same way, also when that one is for a single queue: such a session must never have seen the
     * address alone.
     */
    private static boolean isForQueues(List<Message> batch) {
        var queues = batch.stream()
                .filter(message -> CompositeAddress.isFullyQualified(message.address()))
                .count();
        if (queues != 0 && queues != batch.size()) {
            throw new IllegalArgumentException("A batch is for addresses or for single queues, not for both.");
        }
        return queues != 0;
    }

    @Override
    public synchronized void close() {
        var old = link;
        link = null;
        if (old != null) {
            old.close();
        }
    }

    private record Link(
            ServerLocator locator,
            ClientSessionFactory factory,
            ClientSession session,
            ClientProducer producer,
            boolean toQueues) {

        static Link open(String url, String user, String password, boolean toQueues) throws Exception {
            var locator = ActiveMQClient.createServerLocator(url)
                    .setCallTimeout(DEADLINE_MILLIS)
                    .setBlockOnDurableSend(false)
                    .setBlockOnNonDurableSend(false)
                    .setProducerWindowSize(-1) // credits would make a full disk block here for ever
                    .setInitialConnectAttempts(1)
                    .setReconnectAttempts(0) // a session that reconnects by itself hides what it lost
                    .setUseGlobalPools(false)
                    .setThreadPoolMaxSize(4)
                    .setScheduledThreadPoolMaxSize(1);
            try {
                var factory = locator.createSessionFactory();
                var session = factory.createSession(user, password, false, false, false, false, 0);
                return new Link(locator, factory, session, session.createProducer(), toQueues);
            } catch (Exception e) {
                locator.close();
                throw e;
            }
        }

        ClientMessage message(Message message) {
            var sent = session.createMessage(
                    org.apache.activemq.artemis.api.core.Message.BYTES_TYPE,
                    message.durable(),
                    0,
                    System.currentTimeMillis(),
                    (byte) 4);
            sent.putStringProperty(CONTENT_TYPE, CLOUD_EVENT);
            sent.putShortProperty(ENCODING, DATA);
            sent.putStringProperty(ID, SimpleString.of(message.id()));
            sent.putStringProperty(TYPE, SimpleString.of(message.type()));
            sent.getBodyBuffer().writeBytes(message.body());
            return sent;
        }

        void close() {
            try {
                session.close();
            } catch (ActiveMQException e) {
                // the broker is gone, and has rolled back
            } finally {
                factory.close();
                locator.close();
            }
        }
    }
}
