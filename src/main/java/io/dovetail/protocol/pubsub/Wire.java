package io.dovetail.protocol.pubsub;

import com.salesforce.eventbus.protobuf.PubSubGrpc;
import com.salesforce.eventbus.protobuf.SchemaRequest;
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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection to the server, with the headers by which it knows the hub; and what its refusals are to the hub. */
final class Wire implements AutoCloseable {

    private static final Duration UNARY = Duration.ofSeconds(10);
    private static final int LARGEST_MESSAGE = 8 << 20;
    private static final int DEFAULT_PORT = 443;
    private static final Metadata.Key<String> ERROR_CODE = key("error-code");

    private final Subscription subscription;
    private final ManagedChannel channel;
    private final PubSubGrpc.PubSubStub calls;
    private final PubSubGrpc.PubSubBlockingStub questions;

    /** @param call with everything in it that is sent along */
    Wire(Subscription subscription, Request.Outgoing call) {
        this.subscription = subscription;
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

    void subscribe(Hearing hearing) {
        calls.subscribe(hearing);
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
            throw failed(status, code(e.getTrailers()), null);
        }
    }

    /** What the server itself says of an error; null: nothing. */
    static @Nullable String code(@Nullable Metadata trailers) {
        return trailers == null ? null : trailers.get(ERROR_CODE);
    }

    /** @param notBefore how long to leave the server alone; null: as usual */
    FailedException failed(Status status, @Nullable String code, @Nullable Duration notBefore) {
        var words = (code == null ? "" : code + " ") + (status.getDescription() == null ? "" : status.getDescription());
        var line = words.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
        return failed(
                "status " + status.getCode(),
                (status.isOk() ? "is ended by the server" : "is answered with " + status.getCode())
                        + (line.isEmpty() ? "" : ": " + (line.length() > 500 ? line.substring(0, 500) + "…" : line)),
                notBefore);
    }

    FailedException failed(String rule, String what, @Nullable Duration notBefore) {
        var place = subscription.request().place() + " " + subscription.topic();
        return FailedException.notBefore(Failure.of(FailureKind.EXTERNAL, place, rule, place + " " + what), notBefore);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
