package io.dovetail.camel.salesforce;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.apache.camel.component.salesforce.SalesforceHttpClient;
import org.apache.camel.util.concurrent.SynchronousExecutorService;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.client.transport.HttpResponse;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * What camel-salesforce takes for its HTTP client. It is never started: it has no thread and no connection, and a request is
 * answered before {@code send} returns.
 */
final class CarriedClient extends SalesforceHttpClient {

    /** By whom a request is carried that is made in this thread. */
    private final ThreadLocal<Carrier> carrier = new ThreadLocal<>();

    CarriedClient() {
        super(null, new SynchronousExecutorService(), null);
    }

    void with(Carrier carrier, Runnable asking) {
        this.carrier.set(carrier);
        try {
            asking.run();
        } finally {
            this.carrier.remove();
        }
    }

    @Override
    public HttpRequest newHttpRequest(HttpConversation conversation, URI address) {
        return new HttpRequest(this, conversation, address) {
            @Override
            public void send(Response.CompleteListener listener) {
                listener.onComplete(answered(this, address, listener));
            }
        };
    }

    private Result answered(HttpRequest request, URI address, Response.CompleteListener listener) {
        var response = new HttpResponse(request);
        try {
            var answered =
                    carrier.get().carry(request.getMethod(), address.toString(), headers(request), body(request));
            response.status(answered.status);
            if (listener instanceof Response.Listener reader) {
                reader.onHeaders(response);
                if (!answered.body.isEmpty()) {
                    reader.onContent(response, StandardCharsets.US_ASCII.encode(answered.body));
                }
            }
            return new Result(request, response);
            // an Error too: whoever is not told of the end counts the request as under way for ever
        } catch (Throwable t) {
            return new Result(request, t, response);
        }
    }

    private static TreeMap<String, String> headers(Request request) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        request.getHeaders().forEach(header -> headers.put(header.getName(), header.getValue()));
        // of the session that there is not; the hub shows a token of its own
        headers.remove(HttpHeader.AUTHORIZATION.asString());
        return headers;
    }

    private static byte @Nullable [] body(Request request) throws IOException {
        return request.getBody() == null ? null : BufferUtil.toArray(Content.Source.asByteBuffer(request.getBody()));
    }
}
