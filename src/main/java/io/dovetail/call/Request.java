package io.dovetail.call;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A question to another system, complete: nothing but what stands here is sent.
 *
 * @param method {@code GET}, {@code POST}, {@code PUT} or {@code PATCH}
 * @param address with what the event filled in, encoded; may hold {@link SecretReference}s, as headers may
 * @param endpoint the address as its route has it, without what an event fills in
 * @param answers the statuses that are an answer
 * @param body null: none
 * @param answerHeaders the headers of the answer that are wanted; then its tree is {@code {"headers": …, "body": …}}
 * @param reading how the answer is read beside that
 */
public record Request(
        String method,
        String address,
        String endpoint,
        Map<String, String> headers,
        @Nullable Credentials credentials,
        Statuses answers,
        byte @Nullable [] body,
        List<String> answerHeaders,
        Reading reading) {

    /** One whose answer is read as it is. */
    public Request(
            String method,
            String address,
            String endpoint,
            Map<String, String> headers,
            @Nullable Credentials credentials,
            Statuses answers,
            byte @Nullable [] body) {
        this(method, address, endpoint, headers, credentials, answers, body, List.of());
    }

    /** One whose answer's body is read as it is. */
    public Request(
            String method,
            String address,
            String endpoint,
            Map<String, String> headers,
            @Nullable Credentials credentials,
            Statuses answers,
            byte @Nullable [] body,
            List<String> answerHeaders) {
        this(method, address, endpoint, headers, credentials, answers, body, answerHeaders, Reading.PLAIN);
    }

    /** The same, asked with other credentials. */
    Request as(Credentials other) {
        return new Request(method, address, endpoint, headers, other, answers, body, answerHeaders, reading);
    }

    /** The same, with these headers beside its own. */
    Request with(Map<String, String> further) {
        var all = new HashMap<>(headers);
        all.putAll(further);
        return new Request(method, address, endpoint, all, credentials, answers, body, answerHeaders, reading);
    }

    /** Whether it is meant only for what is still as it was read (RFC 9110, section 13.1.1). */
    boolean isConditional() {
        return headers.keySet().stream().anyMatch("If-Match"::equalsIgnoreCase);
    }

    /** {@code GET https://crm.example.com/customers/4711}; secrets stand in it by their names. */
    public String line() {
        return method + " " + SecretReference.words(address);
    }

    /** The same for all events, for failures to be grouped by. */
    public String place() {
        return method + " " + SecretReference.words(endpoint);
    }

    /**
     * With the secrets in it, ready to be sent.
     *
     * @throws IllegalArgumentException when the address is none with them
     */
    Outgoing outgoing(UnaryOperator<String> secrets) {
        var all = new HashMap<String, String>();
        headers.forEach((name, value) -> all.put(name, SecretReference.resolve(value, secrets)));
        if (credentials != null) {
            all.put("Authorization", credentials.header(secrets));
        }
        var uri = URI.create(SecretReference.resolve(address, secrets));
        if (uri.getHost() == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException("it has no host");
        }
        return new Outgoing(method, uri, Map.copyOf(all), body);
    }

    /** What goes to the network. */
    public record Outgoing(String method, URI uri, Map<String, String> headers, byte @Nullable [] body) {}
}
