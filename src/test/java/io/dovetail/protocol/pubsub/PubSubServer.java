package io.dovetail.protocol.pubsub;

import com.google.protobuf.ByteString;
import com.salesforce.eventbus.protobuf.ConsumerEvent;
import com.salesforce.eventbus.protobuf.FetchRequest;
import com.salesforce.eventbus.protobuf.FetchResponse;
import com.salesforce.eventbus.protobuf.ProducerEvent;
import com.salesforce.eventbus.protobuf.PubSubGrpc;
import com.salesforce.eventbus.protobuf.ReplayPreset;
import com.salesforce.eventbus.protobuf.SchemaInfo;
import com.salesforce.eventbus.protobuf.SchemaRequest;
import io.dovetail.call.AskedSystem;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A Pub/Sub API with one topic, over the wire and from the published protocol, with the endpoint for tokens beside it. It
 * keeps what is published until it is told to forget, and does on command what the real one does on bad days. Its replay
 * ids mean nothing to anybody but itself.
 */
public final class PubSubServer implements AutoCloseable {

    // it says which transport it has found to whoever reads the output
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    static {
        GRPC.setLevel(Level.WARNING);
    }

    public static final String CLIENT = "3MVG9.dovetail";
    public static final String SECRET = "s3cret+with/=&:signs";
    public static final String TENANT = "00Dbm00000AbCdEEAV";

    private static final Metadata.Key<String> ERROR_CODE = key("error-code");
    private static final String CODES = "sfdc.platform.eventbus.grpc.";

    private record Kept(long number, ProducerEvent event) {}

    private final AskedSystem logins = AskedSystem.start();
    private final Server server;
    private final Map<String, String> schemas = new ConcurrentHashMap<>();
    private final List<Kept> kept = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();
    private final List<String> begins = new ArrayList<>();
    private long last = 1000;
    private long forgotten = 1000;
    private int tokens;
    private String token = "none yet";
    private int schemasAsked;
    private int most = 100;
    private int copies = 1;
    private boolean isSilent;

    public PubSubServer() {
        logins.decides(this::token);
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                    .intercept(new Guard())
                    .addService(new Service())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /** Where the system itself is, with its endpoint for tokens. */
    public String instance() {
        return logins.url();
    }

    /** How streams began: {@code EARLIEST}, or {@code CUSTOM} and the number of the event behind which. */
    public synchronized List<String> begins() {
        return List.copyOf(begins);
    }

    public synchronized int tokensGiven() {
        return tokens;
    }

    public synchronized int schemasAsked() {
        return schemasAsked;
    }

    public void knows(String schemaId, String schema) {
        schemas.put(schemaId, schema);
    }

    /** Tells it to whoever listens, and keeps it. */
    public synchronized void publish(String id, String schemaId, byte[] payload) {
        var event = ProducerEvent.newBuilder()
                .setId(id)
                .setSchemaId(schemaId)
                .setPayload(ByteString.copyFrom(payload))
                .build();
        kept.add(new Kept(++last, event));
        serve();
    }

    /** There is nothing, up to an id of which no event is kept: somebody else's have it. */
    public synchronized String keepAlive() {
        var id = replayId(++last);
        sessions.forEach(session -> session.say(FetchResponse.newBuilder().setLatestReplayId(id), last));
        return Base64.getEncoder().encodeToString(id.toByteArray());
    }

    /** All that is kept so far is kept no longer, and ids of it count no more. */
    public synchronized void forget() {
        kept.clear();
        forgotten = ++last;
    }

    /** From now on no more than so many events at a time. */
    public synchronized void throttle(int events) {
        most = events;
    }

    /** From now on each event comes so many times. */
    public synchronized void repeat(int times) {
        copies = times;
    }

    /** From now on it takes requests and says nothing, or speaks again to whoever comes. */
    public synchronized void silent(boolean isSilent) {
        this.isSilent = isSilent;
        serve();
    }

    /** Breaks all streams off. */
    public synchronized void cut() {
        List.copyOf(sessions).forEach(session -> session.fail(Status.UNAVAILABLE, "service.unavailable"));
    }

    /** Ends all streams in good order. */
    public synchronized void end() {
        List.copyOf(sessions).forEach(session -> session.answers.onCompleted());
        sessions.clear();
    }

    /** No token given so far counts any more, on streams either. */
    public synchronized void expire() {
        token = "none any more";
        List.copyOf(sessions).forEach(session -> session.fail(Status.UNAUTHENTICATED, "service.auth.error"));
    }

    public synchronized int listeners() {
        return sessions.size();
    }

    private AskedSystem.Behaviour token(AskedSystem.Seen seen) {
        var pair = java.net.URLEncoder.encode(CLIENT, StandardCharsets.UTF_8) + ":"
                + java.net.URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
        var proof = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        if (!seen.target().equals("/services/oauth2/token")
                || !proof.equals(seen.header("Authorization"))
                || !seen.body().equals("grant_type=client_credentials")) {
            return AskedSystem.json(
                    400, "{\"error\":\"invalid_client_id\",\"error_description\":\"client identifier invalid\"}");
        }
        synchronized (this) {
            token = TENANT + "!" + ++tokens;
            return AskedSystem.json(
                    200,
                    "{\"access_token\":\"%s\",\"instance_url\":\"%s\",\"token_type\":\"Bearer\",\"issued_at\":\"1779096000000\"}"
                            .formatted(token, instance()));
        }
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private static Metadata code(String code) {
        var trailers = new Metadata();
        trailers.put(ERROR_CODE, CODES + code);
        return trailers;
    }

    /** Opaque, and of no order that anybody could see. */
    private static ByteString replayId(long number) {
        return ByteString.copyFromUtf8("r" + Long.toHexString(number * 0x9E3779B97F4A7C15L) + "." + number);
    }

    private synchronized void serve() {
        if (!isSilent) {
            List.copyOf(sessions).forEach(Session::serve);
        }
    }

    private final class Guard implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            synchronized (PubSubServer.this) {
                if (token.equals(headers.get(key("accesstoken")))
                        && instance().equals(headers.get(key("instanceurl")))
                        && TENANT.equals(headers.get(key("tenantid")))) {
                    return next.startCall(call, headers);
                }
            }
            call.close(Status.UNAUTHENTICATED.withDescription("rpcId: 1"), code("service.auth.error"));
            return new ServerCall.Listener<>() {};
        }
    }

    private final class Service extends PubSubGrpc.PubSubImplBase {

        @Override
        public StreamObserver<FetchRequest> subscribe(StreamObserver<FetchResponse> answers) {
            // else a word to one who has just gone would be an error
            ((ServerCallStreamObserver<FetchResponse>) answers).setOnCancelHandler(() -> {});
            return new Session(answers);
        }

        @Override
        public void getSchema(SchemaRequest request, StreamObserver<SchemaInfo> answers) {
            synchronized (PubSubServer.this) {
                schemasAsked++;
            }
            var schema = schemas.get(request.getSchemaId());
            if (schema == null) {
                answers.onError(Status.NOT_FOUND.asRuntimeException(code("schema.not.found")));
                return;
            }
            answers.onNext(SchemaInfo.newBuilder()
                    .setSchemaId(request.getSchemaId())
                    .setSchemaJson(schema)
                    .build());
            answers.onCompleted();
        }
    }

    /** One stream. */
    private final class Session implements StreamObserver<FetchRequest> {

        private final StreamObserver<FetchResponse> answers;
        private boolean hasBegun;
        private long readTo;
        private int wanted;

        Session(StreamObserver<FetchResponse> answers) {
            this.answers = answers;
        }

        @Override
        public void onNext(FetchRequest request) {
            synchronized (PubSubServer.this) {
                if (!hasBegun && !begins(request)) {
                    return;
                }
                wanted += request.getNumRequested();
                if (!isSilent) {
                    serve();
                }
            }
        }

        private boolean begins(FetchRequest request) {
            hasBegun = true;
            if (request.getReplayPreset() == ReplayPreset.CUSTOM) {
                var id = request.getReplayId();
                var parts = id.toStringUtf8().split("\\.");
                readTo = parts.length == 2 && parts[1].matches("\\d{1,9}") ? Long.parseLong(parts[1]) : -1;
                begins.add("CUSTOM " + readTo);
                if (!id.equals(replayId(readTo))) {
                    fail(Status.INVALID_ARGUMENT, "subscription.fetch.replayid.corrupted");
                    return false;
                }
                if (readTo < forgotten) {
                    fail(Status.INVALID_ARGUMENT, "subscription.fetch.replayid.validation.failed");
                    return false;
                }
            } else {
                begins.add(request.getReplayPreset().name());
                readTo = request.getReplayPreset() == ReplayPreset.EARLIEST ? forgotten : last;
            }
            sessions.add(this);
            return true;
        }

        private void serve() {
            var batch = new ArrayList<Kept>();
            for (var one : kept) {
                if (one.number > readTo && batch.size() < Math.min(wanted, most)) {
                    batch.add(one);
                }
            }
            if (batch.isEmpty()) {
                return;
            }
            wanted -= batch.size();
            var response = FetchResponse.newBuilder();
            for (var one : batch) {
                for (var i = 0; i < copies; i++) {
                    response.addEvents(
                            ConsumerEvent.newBuilder().setEvent(one.event).setReplayId(replayId(one.number)));
                }
            }
            var to = batch.getLast().number;
            say(response.setLatestReplayId(replayId(to)), to);
            serve();
        }

        private void say(FetchResponse.Builder response, long to) {
            readTo = to;
            answers.onNext(response.setPendingNumRequested(wanted).build());
        }

        private void fail(Status status, String code) {
            sessions.remove(this);
            answers.onError(status.withDescription("rpcId: 2").asRuntimeException(code(code)));
        }

        @Override
        public void onError(Throwable gone) {
            onCompleted();
        }

        @Override
        public void onCompleted() {
            synchronized (PubSubServer.this) {
                sessions.remove(this);
            }
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
        logins.close();
    }
}
