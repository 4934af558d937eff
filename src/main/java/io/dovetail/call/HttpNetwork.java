package io.dovetail.call;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 by Java's own client: no cookies of its own, no redirects, answers of a bounded size, and an end to everything,
 * connecting and trickling bodies included, when the time is over.
 */
public final class HttpNetwork implements Network, AutoCloseable {

    private final HttpClient client;

    /** Trusts whom Java trusts. */
    public HttpNetwork() {
        this(null);
    }

    /** @param tls whom to trust, and what to show; null: as Java has it */
    public HttpNetwork(@Nullable SSLContext tls) {
        var builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER);
        this.client = tls == null ? builder.build() : builder.sslContext(tls).build();
    }

    @Override
    public Answer send(Request.Outgoing request, Duration within) throws IOException, InterruptedException {
        var body = request.body();
        var builder = HttpRequest.newBuilder(request.uri())
                .method(request.method(), body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        request.headers().forEach(builder::setHeader);
        // a time-out of the client's own would end with the answer's head
        var answer = client.sendAsync(builder.build(), head -> new Bounded());
        try {
            return answer(answer.get(within.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no whole answer within " + within.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            // closes the connection, unless all of it has come
            answer.cancel(true);
        }
    }

    private static Answer answer(HttpResponse<Body> response) {
        var headers = response.headers();
        return new Answer(
                response.statusCode(),
                headers.firstValue("Content-Type").orElse(null),
                headers.firstValue("Retry-After").orElse(null),
                headers.firstValue("X-CSRF-Token").orElse(null),
                headers.allValues("Set-Cookie"),
                joined(headers.map()),
                response.body().bytes,
                response.body().cut);
    }

    /** Several of a name are one (RFC 9110, section 5.3). */
    private static Map<String, String> joined(Map<String, List<String>> headers) {
        var joined = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> joined.put(name, String.join(", ", values)));
        return joined;
    }

    private record Body(byte[] bytes, boolean cut) {}

    /** Takes no more of a body than an answer may have. */
    private static final class Bounded implements BodySubscriber<Body> {

        private final CompletableFuture<Body> body = new CompletableFuture<>();
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private Flow.@Nullable Subscription subscription;

        @Override
        public CompletionStage<Body> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            if (body.isDone()) {
                return;
            }
            for (var buffer : buffers) {
                var most = Math.min(buffer.remaining(), Answer.MAX_BYTES - taken.size());
                var bytes = new byte[most];
                buffer.get(bytes);
                taken.writeBytes(bytes);
                if (buffer.hasRemaining() && subscription != null) {
                    subscription.cancel();
                    body.complete(new Body(taken.toByteArray(), true));
                    return;
                }
            }
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(new Body(taken.toByteArray(), false));
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
