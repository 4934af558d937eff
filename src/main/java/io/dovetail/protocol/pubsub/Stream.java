package io.dovetail.protocol.pubsub;

import com.google.protobuf.ByteString;
import com.salesforce.eventbus.protobuf.ConsumerEvent;
import com.salesforce.eventbus.protobuf.FetchRequest;
import com.salesforce.eventbus.protobuf.FetchResponse;
import com.salesforce.eventbus.protobuf.PubSubGrpc;
import com.salesforce.eventbus.protobuf.ReplayPreset;
import com.salesforce.eventbus.protobuf.SchemaRequest;
import io.dovetail.call.Caller;
import io.dovetail.call.Request;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One call of {@code Subscribe}, from its begin to its end. */
final class Stream implements AutoCloseable {

    /** Those that are already under way belong to the same page. */
    private static final Duration BREATH = Duration.ofMillis(50);

    private static final Duration UNARY = Duration.ofSeconds(10);

    /** A server that ends a stream before it has said anything will mostly do so again, and counts tokens. */
    private static final Duration REFUSED = Duration.ofSeconds(30);

    private static final int LARGEST_MESSAGE = 8 << 20;
    private static final int DEFAULT_PORT = 443;
    private static final Metadata.Key<String> ERROR_CODE = key("error-code");

    /**
     * What came next.
     *
     * @param replayId behind the events; null: nothing was said of it
     * @param isFull as many as were asked for
     * @param isForgotten the server does not know where the stream was to begin
     */
    record Page(List<ConsumerEvent> events, @Nullable String replayId, boolean isFull, boolean isForgotten) {}

    private final Subscription subscription;
    private final LongSupplier nanoTime;
    private final ManagedChannel channel;
    private final PubSubGrpc.PubSubStub calls;
    private final PubSubGrpc.PubSubBlockingStub questions;
    private final Hearing hearing;
    private final boolean isResumed;
    private boolean hasHeard;
    private @Nullable String readTo;
    private int pending;

    private Stream(Subscription subscription, Request.Outgoing call, @Nullable String replayId, LongSupplier nanoTime) {
        this.subscription = subscription;
        this.nanoTime = nanoTime;
        this.readTo = replayId;
        this.isResumed = replayId != null;
        this.hearing = new Hearing(nanoTime);
        var uri = call.uri();
        var port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        var credentials =
                uri.getScheme().equals("https") ? TlsChannelCredentials.create() : InsecureChannelCredentials.create();
        this.channel = Grpc.newChannelBuilderForAddress(uri.getHost(), port, credentials)
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .userAgent("dovetail")
                // all that is done there is to put something into a queue
                .directExecutor()
                .build();
        var headers = MetadataUtils.newAttachHeadersInterceptor(headers(call));
        this.calls = PubSubGrpc.newStub(channel).withInterceptors(headers);
        this.questions = PubSubGrpc.newBlockingStub(channel).withInterceptors(headers);
    }

    /** @param replayId behind which; null: from the earliest event that is kept */
    static Stream open(Subscription subscription, @Nullable String replayId, Caller caller, LongSupplier nanoTime) {
        var stream = new Stream(subscription, caller.prepare(subscription.request()), replayId, nanoTime);
        stream.begin(replayId);
        return stream;
    }

    private static Metadata headers(Request.Outgoing call) {
        var headers = new Metadata();
        call.headers().forEach((name, value) -> {
            if (name.equals("Authorization")) {
                headers.put(key("accesstoken"), value.replaceFirst("^Bearer ", ""));
            } else {
                headers.put(key(name), value);
            }
        });
        return headers;
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private void begin(@Nullable String replayId) {
        var first = FetchRequest.newBuilder()
                .setTopicName(subscription.topic())
                .setNumRequested(subscription.most())
                .setReplayPreset(replayId == null ? ReplayPreset.EARLIEST : ReplayPreset.CUSTOM);
        if (replayId != null) {
            first.setReplayId(ByteString.copyFrom(Base64.getDecoder().decode(replayId)));
        }
        calls.subscribe(hearing);
        hearing.say(first.build());
        pending = subscription.most();
    }

    /** Behind which it has been read; null: nothing is known of it. */
    @Nullable
    String readTo() {
        return readTo;
    }

    /**
     * Waits for what comes next, but not too long.
     *
     * @throws FailedException of kind EXTERNAL when nothing more will come
     */
    Page next() throws InterruptedException {
        if (pending == 0) {
            hearing.say(FetchRequest.newBuilder()
                    .setNumRequested(subscription.most())
                    .build());
            pending = subscription.most();
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
        events.addAll(response.getEventsList());
        pending = Math.max(0, response.getPendingNumRequested());
        if (!response.getLatestReplayId().isEmpty()) {
            readTo = base64(response.getLatestReplayId());
        } else if (response.getEventsCount() > 0) {
            readTo = base64(response.getEvents(response.getEventsCount() - 1).getReplayId());
        }
    }

    private static String base64(ByteString bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private void checkSilence() {
        var silent = Duration.ofNanos(nanoTime.getAsLong() - hearing.lastAt());
        if (silent.compareTo(subscription.silence()) > 0) {
            throw failed(
                    "silent",
                    "has said nothing for " + silent.toSeconds()
                            + " s, not even that there is nothing, and is subscribed to anew");
        }
    }

    private Page ended(Hearing.Ended ended) {
        var code = ended.trailers() == null ? null : ended.trailers().get(ERROR_CODE);
        if (isResumed && !hasHeard && code != null && code.contains(".replayid.")) {
            return new Page(List.of(), null, false, true);
        }
        throw failed(ended.status(), code);
    }

    /**
     * The Avro schema of that id, as JSON; null when the server has none.
     *
     * @throws FailedException of kind EXTERNAL when it cannot be asked now
     */
    @Nullable
    String schema(String id) {
        try {
            return questions
                    .withDeadlineAfter(UNARY.toMillis(), TimeUnit.MILLISECONDS)
                    .getSchema(SchemaRequest.newBuilder().setSchemaId(id).build())
                    .getSchemaJson();
        } catch (StatusRuntimeException e) {
            var status = e.getStatus();
            if (status.getCode() == Status.Code.NOT_FOUND || status.getCode() == Status.Code.INVALID_ARGUMENT) {
                return null;
            }
            throw failed(
                    status, e.getTrailers() == null ? null : e.getTrailers().get(ERROR_CODE));
        }
    }

    private FailedException failed(Status status, @Nullable String code) {
        var words = (code == null ? "" : code + " ") + (status.getDescription() == null ? "" : status.getDescription());
        var line = words.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
        return failed(
                "status " + status.getCode(),
                (status.isOk() ? "is ended by the server" : "is answered with " + status.getCode())
                        + (line.isEmpty() ? "" : ": " + (line.length() > 500 ? line.substring(0, 500) + "…" : line)));
    }

    private FailedException failed(String rule, String what) {
        var place = subscription.request().place() + " " + subscription.topic();
        return FailedException.notBefore(
                Failure.of(FailureKind.EXTERNAL, place, rule, place + " " + what), hasHeard ? null : REFUSED);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
