package io.dovetail.protocol.pubsub;

import com.salesforce.eventbus.protobuf.FetchRequest;
import com.salesforce.eventbus.protobuf.FetchResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Keeps what a server says until it is asked for; a server that says more than {@value #AHEAD} messages ahead has to wait. */
final class Hearing implements ClientResponseObserver<FetchRequest, FetchResponse> {

    private static final int AHEAD = 8;

    /** Something that was said. */
    sealed interface Word {}

    record Heard(FetchResponse response) implements Word {}

    /** The last one. */
    record Ended(Status status, @Nullable Metadata trailers) implements Word {}

    private final LongSupplier nanoTime;
    private final LinkedBlockingDeque<Word> words = new LinkedBlockingDeque<>();
    private @Nullable ClientCallStreamObserver<FetchRequest> call;
    private volatile long lastAt;

    Hearing(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastAt = nanoTime.getAsLong();
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<FetchRequest> call) {
        this.call = call;
        call.disableAutoRequestWithInitial(AHEAD);
    }

    @Override
    public void onNext(FetchResponse response) {
        lastAt = nanoTime.getAsLong();
        words.add(new Heard(response));
    }

    @Override
    public void onError(Throwable failure) {
        words.add(new Ended(Status.fromThrowable(failure), Status.trailersFromThrowable(failure)));
    }

    @Override
    public void onCompleted() {
        words.add(new Ended(Status.OK, null));
    }

    void say(FetchRequest request) {
        call().onNext(request);
    }

    /** Null when nothing comes within the time. */
    @Nullable
    Word next(Duration within) throws InterruptedException {
        var word = words.poll(within.toNanos(), TimeUnit.NANOSECONDS);
        if (word instanceof Heard) {
            call().request(1);
        }
        return word;
    }

    /** Will be the next one again. */
    void unhear(Ended ended) {
        words.addFirst(ended);
    }

    /** When something was last said, or the call began. */
    long lastAt() {
        return lastAt;
    }

    private ClientCallStreamObserver<FetchRequest> call() {
        return Objects.requireNonNull(call, "not subscribed yet");
    }
}
