package io.dovetail.protocol.pubsub;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.salesforce.eventbus.protobuf.ConsumerEvent;
import io.dovetail.call.Caller;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic page by page. Between pages its stream stays open and takes no more than the next page may have; another
 * place than where it is opens another one. For one thread at a time.
 */
public final class Subscriber implements AutoCloseable {

    private final Subscription subscription;
    private final LongSupplier nanoTime;
    private final EventReader reader = new EventReader();
    private @Nullable Stream stream;

    public Subscriber(Subscription subscription, LongSupplier nanoTime) {
        this.subscription = subscription;
        this.nanoTime = nanoTime;
    }

    /**
     * What came next, after waiting for a while if need be: {@code {events, replayId, full, forgotten}}.
     *
     * <ul>
     *   <li>{@code events}: in their order, see {@link EventReader}; perhaps none
     *   <li>{@code replayId}: behind them; null while the stream has said nothing
     *   <li>{@code full}: there may be more at once
     *   <li>{@code forgotten}: the server does not know {@code replayId} any more, and what came next may be lost
     * </ul>
     *
     * @param replayId behind which; null: from the earliest event that is kept
     * @throws io.dovetail.event.FailedException of kind EXTERNAL when it cannot be read now
     */
    public ObjectNode next(@Nullable String replayId, Caller caller) throws InterruptedException {
        var isWhole = false;
        try {
            var open = stream;
            if (open == null || !Objects.equals(open.readTo(), replayId)) {
                close();
                open = Stream.open(subscription, replayId, caller, nanoTime);
                stream = open;
            }
            var page = open.next();
            if (page.isForgotten()) {
                return answer(page);
            }
            var answer = answer(page);
            for (var event : page.events()) {
                answer.withArray("events").add(read(open, event));
            }
            isWhole = true;
            return answer;
        } finally {
            if (!isWhole) {
                // what was taken from it is asked for anew
                close();
            }
        }
    }

    private ObjectNode read(Stream open, ConsumerEvent event) {
        return reader.read(event.getEvent(), open::schema);
    }

    private static ObjectNode answer(Stream.Page page) {
        var answer = JsonNodeFactory.instance.objectNode();
        answer.putArray("events");
        return answer.put("replayId", page.replayId())
                .put("full", page.isFull())
                .put("forgotten", page.isForgotten());
    }

    @Override
    public void close() {
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }
}
