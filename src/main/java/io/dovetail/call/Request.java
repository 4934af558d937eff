package io.dovetail.call;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A question to another system, complete: nothing but what stands here is sent.
 *
 * @param method {@code GET}, {@code POST}, {@code PUT} or {@code PATCH}
 * @param address with what the event filled in, encoded; may hold {@link SecretReference}s, as headers and
 *     texts of JSON may
 * @param endpoint the address as its route has it, without what an event fills in
 * @param reading what is an answer, and what of it is wanted
 * @param body null: none
 * @param allowance of what so many requests may be made; null: of nothing
 */
public record Request(
        String method,
        String address,
        String endpoint,
        Map<String, String> headers,
        @Nullable Credentials credentials,
        Reading reading,
        byte @Nullable [] body,
        @Nullable Allowance allowance) {

    /** One that may be made as often as it is wanted. */
    public Request(
            String method,
            String address,
            String endpoint,
            Map<String, String> headers,
            @Nullable Credentials credentials,
            Reading reading,
            byte @Nullable [] body) {
        this(method, address, endpoint, headers, credentials, reading, body, null);
    }

    /** @param answers the statuses that are an answer, of which nothing but the body is wanted */
    public Request(
            String method,
            String address,
            String endpoint,
            Map<String, String> headers,
            @Nullable Credentials credentials,
            Statuses answers,
            byte @Nullable [] body) {
        this(method, address, endpoint, headers, credentials, Reading.of(answers), body, null);
    }

    /** The same, asked with other credentials. */
    Request as(@Nullable Credentials other) {
        return new Request(method, address, endpoint, headers, other, reading, body, allowance);
    }

    /** The same, with these headers beside its own. */
    Request with(Map<String, String> further) {
        var all = new HashMap<>(headers);
        all.putAll(further);
        return new Request(method, address, endpoint, all, credentials, reading, body, allowance);
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
        // an event's data cannot hold a reference: it bears a number that nobody knows
        var sent = body != null && MediaTypes.isJson(all.getOrDefault("Content-Type", ""))
                ? SecretReference.resolve(body, secrets)
                : body;
        return new Outgoing(method, uri, Map.copyOf(all), sent);
    }

    /** What goes to the network. */
    public record Outgoing(String method, URI uri, Map<String, String> headers, byte @Nullable [] body) {}
}
