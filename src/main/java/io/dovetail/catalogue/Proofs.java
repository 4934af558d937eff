package io.dovetail.catalogue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.connector.Connector;
import io.dovetail.connector.verify.CannotSignException;
import io.dovetail.connector.verify.Outgoing;
import io.dovetail.connector.verify.Scheme;
import java.time.Instant;
import java.util.Set;
import java.util.TreeMap;

/** The proof that a connector asks for, in OpenAPI's words. What they have none for is told as a parameter or in prose. */
final class Proofs {

    private final Connector connector;
    private final ObjectNode schemes;
    private final TreeMap<String, ObjectNode> needed = new TreeMap<>();

    private Proofs(Connector connector, ObjectNode schemes) {
        this.connector = connector;
        this.schemes = schemes;
    }

    /** @param schemes where the security schemes are put */
    static Proofs of(Connector connector, ObjectNode schemes) {
        var proofs = new Proofs(connector, schemes);
        connector.webhook().verify().parts().forEach(proofs::add);
        return proofs;
    }

    private void add(Scheme scheme) {
        switch (scheme.scheme()) {
            case "basic" -> named(scheme, "").put("type", "http").put("scheme", "basic");
            case "jwt" ->
                named(scheme, "").put("type", "http").put("scheme", "bearer").put("bearerFormat", "JWT");
            case "client-certificate" -> named(scheme, "").put("type", "mutualTLS");
            case "none" -> {
                // nothing to send
            }
            // no header where it stands in the address or in the body, for which OpenAPI has no security scheme
            default ->
                headers(scheme)
                        .forEach(header -> named(scheme, "." + header)
                                .put("type", "apiKey")
                                .put("in", "header")
                                .put("name", header));
        }
    }

    private ObjectNode named(Scheme scheme, String part) {
        var name = connector.name() + "." + scheme.scheme() + part;
        var security = JsonNodeFactory.instance.objectNode().put("description", scheme.words());
        needed.put(name, security);
        return security;
    }

    /** Which a sender has to send, learnt from what one would: all schemes can sign. */
    private static Set<String> headers(Scheme scheme) {
        var invented = scheme.invent("sender");
        var key = invented.privateKey() == null ? invented.secret() : invented.privateKey();
        try {
            return scheme.sign(new Outgoing("id", Instant.EPOCH, new byte[0]), key)
                    .keySet();
        } catch (CannotSignException e) {
            throw new IllegalStateException("a secret that was made up for it is none to sign with", e);
        }
    }

    /** Whether this header is part of the proof, and so told of already. */
    boolean holds(String header) {
        return needed.values().stream()
                .anyMatch(scheme -> header.equalsIgnoreCase(scheme.path("name").asText()));
    }

    void write(ObjectNode post) {
        needed.forEach(schemes::set);
        ArrayNode security = post.putArray("security");
        if (!needed.isEmpty()) {
            var all = security.addObject(); // together, not one of them
            needed.keySet().forEach(all::putArray);
        }
        if (connector.webhook().verify().isInAddress()) {
            token(post);
        }
    }

    static void token(ObjectNode operation) {
        operation
                .withArrayProperty("parameters")
                .addObject()
                .put("name", "token")
                .put("in", "path")
                .put("required", true)
                .put("description", "The secret.")
                .putObject("schema")
                .put("type", "string");
    }

    static void parameter(ObjectNode operation, String header, String description) {
        operation
                .withArrayProperty("parameters")
                .addObject()
                .put("name", header)
                .put("in", "header")
                .put("required", false)
                .put("description", description)
                .putObject("schema")
                .put("type", "string");
    }
}
