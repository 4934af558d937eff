package io.dovetail.protocol.pubsub;

import com.google.protobuf.ByteString;
import com.salesforce.eventbus.protobuf.ConsumerEvent;
import com.salesforce.eventbus.protobuf.FetchRequest;
import com.salesforce.eventbus.protobuf.FetchResponse;
import com.salesforce.eventbus.protobuf.ReplayPreset;
import io.dovetail.call.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One call of {@code Subscribe}, from its begin to its end. */
final class Stream implements AutoCloseable {

    /** Those that are already under way belong to the same page. */
    private static final Duration BREATH = Duration.ofMillis(50);

    /** A server that ends a stream before it has said anything will mostly do so again, and counts tokens. */
    private static final Duration REFUSED = Duration.ofSeconds(30);

    /**
     * What came next.
     *
     * @param replayId behind the events; null: nothing was said of it
     * @param isFull as many as were asked for
     * @param isForgotten the server does not know where the stream was to begin
     */
    record Page(List<ConsumerEvent> events, @Nullable String replayId, boolean isFull, boolean isForgotten) {}

    private final Subscription subscription;
    private final Wire wire;
    private final LongSupplier nanoTime;
    private final Hearing hearing;
    private final boolean isResumed;
    private @Nullable String readTo;
    private boolean hasHeard;
    private int pending;

    private Stream(Subscription subscription, Wire wire, @Nullable String replayId, LongSupplier nanoTime) {
        this.subscription = subscription;
        this.wire = wire;
        this.nanoTime = nanoTime;
        this.hearing = new Hearing(nanoTime);
        this.readTo = replayId;
        this.isResumed = replayId != null;
        this.pending = subscription.most();
    }

    /** @param replayId behind which; null: from the earliest event that is kept */
    static Stream open(Subscription subscription, @Nullable String replayId, Caller caller, LongSupplier nanoTime) {
        var first = FetchRequest.newBuilder()
                .setTopicName(subscription.topic())
                .setNumRequested(subscription.most())
                .setReplayPreset(replayId == null ? ReplayPreset.EARLIEST : ReplayPreset.CUSTOM);
        if (replayId != null) {
            first.setReplayId(ByteString.copyFrom(Base64.getDecoder().decode(replayId)));
        }
        var wire = new Wire(subscription, caller.prepare(subscription.request()));
        var stream = new Stream(subscription, wire, replayId, nanoTime);
        wire.subscribe(stream.hearing);
        stream.hearing.say(first.build());
        return stream;
    }

    /** Behind which it has been read; null: nothing is known of it. */
    @Nullable
    String readTo() {
        return readTo;
    }

    /** See {@link Wire#schema}. */
    @Nullable
    String schema(String id) {
        return wire.schema(id);
    }

    /**
     * Waits for what comes next, but not too long.
     *
     * @throws io.dovetail.event.FailedException of kind EXTERNAL when nothing more will come
     */
    Page next() throws InterruptedException {
        if (pending == 0) {
            pending = subscription.most();
            hearing.say(FetchRequest.newBuilder().setNumRequested(pending).build());
        }
        var events = new ArrayList<ConsumerEvent>();
        var heard = hearing.next(subscription.patience());
        if (heard == null) {
            checkSilence();
            return new Page(events, null, false, false);
        }
        if (heard instanceof Hearing.Ended ended) {
            return ended(ended);
        }
        while (heard instanceof Hearing.Heard one) {
            take(one.response(), events);
            heard = pending > 0 && events.size() < subscription.most() ? hearing.next(BREATH) : null;
        }
        if (heard instanceof Hearing.Ended ended) {
            // what came before its end counts
            hearing.unhear(ended);
        }
        return new Page(events, readTo, pending == 0, false);
    }

    private void take(FetchResponse response, List<ConsumerEvent> events) {
        hasHeard = true;
        pending = Math.max(0, response.getPendingNumRequested());
        if (response.getEventsCount() > 0) {
            events.addAll(response.getEventsList());
            // no further than that, whatever else there may be by now
            readTo = base64(events.getLast().getReplayId());
        } else if (!response.getLatestReplayId().isEmpty()) {
            readTo = base64(response.getLatestReplayId());
        }
    }

    private static String base64(ByteString bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private void checkSilence() {
        var silent = Duration.ofNanos(nanoTime.getAsLong() - hearing.lastAt());
        if (silent.compareTo(subscription.silence()) > 0) {
            throw wire.failed(
                    "silent",
                    "has said nothing for " + silent.toSeconds()
                            + " s, not even that there is nothing, and is subscribed to anew",
                    null);
        }
    }

    private Page ended(Hearing.Ended ended) {
        var code = Wire.code(ended.trailers());
        if (isResumed && !hasHeard && code != null && code.contains(".replayid.")) {
            return new Page(List.of(), null, false, true);
        }
        throw wire.failed(ended.status(), code, hasHeard ? null : REFUSED);
    }

    @Override
    public void close() {
        wire.close();
    }
}
