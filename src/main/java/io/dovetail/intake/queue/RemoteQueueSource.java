package io.dovetail.intake.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.RemoteQueue;
import io.dovetail.event.FailedException;
import io.dovetail.intake.Letter;
import io.dovetail.ledger.Acceptance;
import io.netty.buffer.ByteBufUtil;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.qpid.jms.message.JmsMessage;
import org.apache.qpid.jms.provider.amqp.message.AmqpJmsMessageFacade;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue of another system's broker. Each message is acknowledged when it is stored, and not before: what was not, the
 * broker gives again on the next connection. A connection that ends, as with its token, is followed by another one.
 */
final class RemoteQueueSource implements Source {

    private static final Logger log = LoggerFactory.getLogger(RemoteQueueSource.class);
    private static final long WAIT_MILLIS = 500;
    private static final int MAX_MESSAGES = 256;
    private static final long MAX_BYTES = 2 << 20;
    private static final int MAX_HEADER = 256;

    // not so soon that another broker, or who gives out its tokens, would have to defend itself
    private static final Pauses PAUSES = new Pauses(Duration.ofSeconds(1), Duration.ofMinutes(1));

    // while a secret is missing nobody is asked, and who puts it there watches
    private static final Pauses UNASKED = new Pauses(Duration.ofSeconds(1), Duration.ofSeconds(1));

    private record Held(Message message, Letter letter) {}

    /** @param size of what came, which may be more than the body that is made of it */
    private record Content(byte[] body, long size) {}

    private final String connector;
    private final RemoteQueue queue;
    private final Supplier<Configuration> live;
    private final RemoteQueueClient client;
    private final List<Held> held = new ArrayList<>();
    private RemoteQueueClient.@Nullable Opened open;
    private Pauses pauses = PAUSES;
    private volatile boolean isLost;
    private volatile double waiting;

    RemoteQueueSource(String connector, RemoteQueue queue, Supplier<Configuration> live, RemoteQueueClient client) {
        this.connector = connector;
        this.queue = queue;
        this.live = live;
        this.client = client;
    }

    @Override
    public List<Letter> take() throws InterruptedException {
        var known = live.get().connector(connector);
        if (known == null) {
            throw new IllegalStateException("there is no connector " + connector);
        }
        try {
            var current = opened(known);
            if (held.isEmpty()) {
                fill(current, known);
            }
            if (isLost) {
                throw new IOException("the broker has ended the connection");
            }
            waiting = held.size();
            return held.stream().map(Held::letter).toList();
        } catch (IOException | JMSException e) {
            throw away(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        } catch (FailedException e) {
            throw away(e.failure().place() + ": " + e.failure().message(), e);
        }
    }

    @Override
    public Pauses pauses() {
        return pauses;
    }

    private RemoteQueueClient.Opened opened(Connector known) throws IOException, JMSException {
        var current = open;
        if (current != null) {
            return current;
        }
        isLost = false;
        pauses = PAUSES;
        try {
            return open = client.open(known.webhook().maxBytes(), () -> isLost = true);
        } catch (IOException e) {
            pauses = UNASKED;
            throw e;
        }
    }

    private RuntimeException away(String why, Exception e) throws InterruptedException {
        close();
        if (Thread.currentThread().isInterrupted() || e.getCause() instanceof InterruptedException) {
            throw new InterruptedException();
        }
        return new IllegalStateException(why, e);
    }

    private void fill(RemoteQueueClient.Opened from, Connector known) throws JMSException {
        var bytes = 0L;
        var message = from.consumer().receive(WAIT_MILLIS);
        while (message != null) {
            var content = content(message, known.webhook().maxBytes());
            held.add(new Held(message, letter(message, known, content)));
            bytes += content.size;
            message = held.size() < MAX_MESSAGES && bytes < MAX_BYTES
                    ? from.consumer().receiveNoWait()
                    : null;
        }
    }

    /** Whoever may send there chooses the message id, so that it counts together with the content alone. */
    private Letter letter(Message message, Connector known, Content content) throws JMSException {
        return new Letter(queue.sender(), id(message), false, media(message, known), content.body, trace(message));
    }

    private static @Nullable String id(Message message) throws JMSException {
        try {
            var id = message.getJMSMessageID();
            return id == null || id.length() > Letter.MAX_ID || !id.matches("[!-~]+") ? null : id;
        } catch (IllegalArgumentException e) {
            // of a type that no id has (AMQP 1.0, 3.2.4), which some brokers let pass
            return null;
        }
    }

    /** What cannot be a delivery is parked as a sentence. */
    private static Content content(Message message, int maxBytes) {
        try {
            // before it is copied
            var size = message instanceof BytesMessage bytes ? bytes.getBodyLength() : 0;
            var body = size > maxBytes ? new byte[0] : content(message);
            size = Math.max(size, body.length);
            return size > maxBytes
                    ? new Content(
                            utf8("The message has " + size + " bytes, and the connector takes at most " + maxBytes
                                    + "."),
                            size)
                    : new Content(body, size);
        } catch (JMSException | RuntimeException e) {
            // it is here already: this says nothing of the connection, and would be so again
            log.debug("The content of a message cannot be read", e);
            return new Content(utf8("The message cannot be decoded."), maxBytes);
        }
    }

    /**
     * Byte for byte, by the way back to AMQP: what JMS makes of a message goes by the content type that its sender gave it,
     * and puts a question mark where text is in another encoding.
     */
    private static byte[] content(Message message) {
        if (!(message instanceof JmsMessage jms) || !(jms.getFacade() instanceof AmqpJmsMessageFacade amqp)) {
            throw new IllegalStateException("not AMQP");
        }
        var encoded = ByteBufUtil.getBytes(amqp.encodeMessage());
        var decoded = Proton.message();
        decoded.decode(encoded, 0, encoded.length);
        return switch (decoded.getBody()) {
            case null -> new byte[0];
            case Data data -> bytes(data.getValue());
            case AmqpValue value when value.getValue() instanceof String text -> utf8(text);
            case AmqpValue value when value.getValue() instanceof Binary bytes -> bytes(bytes);
            default -> utf8("The message has neither bytes nor a text in it.");
        };
    }

    private static byte[] bytes(Binary binary) {
        return Arrays.copyOfRange(
                binary.getArray(), binary.getArrayOffset(), binary.getArrayOffset() + binary.getLength());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    private static String media(Message message, Connector known) {
        var facade = message instanceof JmsMessage jms ? jms.getFacade() : null;
        var given = facade instanceof AmqpJmsMessageFacade amqp ? amqp.getContentType() : null;
        return known.webhook().mediaOf(given == null ? "" : given.toString());
    }

    private static @Nullable String trace(Message message) throws JMSException {
        return message.getObjectProperty("traceparent") instanceof String text && text.length() <= MAX_HEADER
                ? text
                : null;
    }

    @Override
    public void settle(List<Acceptance> outcomes) {
        var stored = held.subList(0, outcomes.size());
        try {
            for (var one : stored) {
                one.message.acknowledge();
            }
            stored.clear();
            waiting = held.size();
        } catch (JMSException e) {
            close();
            throw new IllegalStateException(
                    "the broker is gone before it was told what is stored: " + e.getMessage(), e);
        }
    }

    /** Those in hand; what else waits over there, only the other broker knows. */
    @Override
    public double waiting() {
        return waiting;
    }

    @Override
    public void close() {
        var old = open;
        open = null;
        held.clear();
        waiting = 0;
        if (old != null) {
            try {
                old.close();
            } catch (JMSException e) {
                log.debug("The queue of {} did not end cleanly", connector, e);
            }
        }
    }
}
