package io.dovetail.intake.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.RemoteQueue;
import io.dovetail.event.FailedException;
import io.dovetail.intake.Letter;
import io.dovetail.ledger.Acceptance;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
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

    // not so soon that another broker, or who gives out its tokens, would have to defend itself
    private static final Pauses PAUSES = new Pauses(Duration.ofSeconds(1), Duration.ofMinutes(1));

    // while a secret is missing nobody is asked, and who puts it there watches
    private static final Pauses UNASKED = new Pauses(Duration.ofSeconds(1), Duration.ofSeconds(1));

    /** @param told to the broker when it is stored */
    private record Held(Message told, Letter letter) {}

    private final String connector;
    private final RemoteQueue queue;
    private final Supplier<Configuration> live;
    private final RemoteQueueClient client;
    private final List<Held> held = new ArrayList<>();
    private volatile RemoteQueueClient.@Nullable Opened open;
    private Pauses pauses = PAUSES;
    private volatile @Nullable String lost;
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
            var why = lost;
            if (why != null) {
                throw new IOException(why);
            }
            waiting = held.size();
            return held.stream().map(Held::letter).toList();
        } catch (IOException | JMSException e) {
            // why a connection has ended is told beside it
            throw away(Objects.requireNonNullElse(lost, String.valueOf(e.getMessage())), e);
        } catch (FailedException e) {
            throw away(e.failure().place() + ": " + e.failure().message(), e);
        } catch (RuntimeException | Error e) {
            // of what has been received and is not held, the broker would wait to hear
            close();
            throw e;
        }
    }

    @Override
    public Pauses pauses() {
        return pauses;
    }

    private RemoteQueueClient.Opened opened(Connector known) throws IOException, JMSException {
        var current = open;
        if (current != null && (current.maxBytes() == known.webhook().maxBytes() || !held.isEmpty())) {
            return current;
        }
        close();
        lost = null;
        pauses = PAUSES;
        try {
            return open = client.open(known.webhook().maxBytes(), why -> lost = why);
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
        var received = from.receive(WAIT_MILLIS);
        while (received != null) {
            var message = received.message();
            held.add(new Held(received.told(), letter(message, known)));
            bytes += message.kept();
            received = held.size() < MAX_MESSAGES
                            && bytes < MAX_BYTES
                            && !from.arrived().isEmpty()
                    ? from.receive(WAIT_MILLIS)
                    : null;
        }
    }

    /** Whoever may send there chooses the message id, so that it counts together with the content alone. */
    private Letter letter(RemoteMessage message, Connector known) {
        var max = known.webhook().maxBytes();
        var bytes = message.bytes();
        if (bytes == null) {
            return sentence("is larger than the connector takes (%,d bytes).".formatted(max), message, known);
        }
        try {
            var content = RemoteContent.of(bytes);
            var body = content.body();
            if (body == null) {
                return sentence("has neither bytes nor a text in it.", message, known);
            }
            if (body.length > max) {
                return sentence("is larger than the connector takes (%,d bytes).".formatted(max), message, known);
            }
            var media = known.webhook().mediaOf(content.type());
            return new Letter(queue.sender(), content.id(), false, media, body, content.trace());
        } catch (AmqpValues.Fault e) {
            return sentence("cannot be decoded: " + e.why(), message, known);
        }
    }

    /** What cannot be a delivery is parked as a sentence, which is another one for another message. */
    private Letter sentence(String what, RemoteMessage message, Connector known) {
        var text = "This message %s As AMQP it has %,d bytes, SHA-256 %s."
                .formatted(what, message.size(), message.sha256());
        return new Letter(queue.sender(), null, false, known.webhook().mediaOf(""), text.getBytes(UTF_8), null);
    }

    @Override
    public void settle(List<Acceptance> outcomes) {
        var stored = held.subList(0, outcomes.size());
        try {
            for (var one : stored) {
                one.told.acknowledge();
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
        var current = open;
        return waiting + (current == null ? 0 : current.arrived().size());
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
