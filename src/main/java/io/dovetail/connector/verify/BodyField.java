package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The secret in a field of the body, as Microsoft Graph's {@code clientState}. Where the path goes through lists, every
 * element must hold it, and there must be one: what is not proved must not come along with what is.
 *
 * @param path names with dots between, {@code []} behind a list, as {@code value[].clientState}
 */
record BodyField(String path, String secret) implements Scheme {

    private static final String LIST = "[]";

    static BodyField read(JsonNode verify) {
        return new BodyField(verify.path("path").asText(), verify.path("secret").asText());
    }

    @Override
    public String scheme() {
        return "body-field";
    }

    @Override
    public Optional<Proof> proof(Envelope envelope, Clock clock) {
        return Optional.of((Proof.InTree) (text, tree) -> fits(List.of(path.split("\\.")), text.getBytes(UTF_8), tree));
    }

    private static boolean fits(List<String> steps, byte[] secret, JsonNode node) {
        if (steps.isEmpty()) {
            return node.isTextual()
                    && MessageDigest.isEqual(secret, node.textValue().getBytes(UTF_8));
        }
        var step = steps.getFirst();
        var rest = steps.subList(1, steps.size());
        if (!step.endsWith(LIST)) {
            return fits(rest, secret, node.path(step));
        }
        var name = step.substring(0, step.length() - LIST.length());
        var list = name.isEmpty() ? node : node.path(name);
        if (!list.isArray() || list.isEmpty()) {
            return false;
        }
        for (var element : list) {
            if (!fits(rest, secret, element)) {
                return false;
            }
        }
        return true;
    }

    /** Nothing: the body goes out as it is, with whatever it holds in that field. */
    @Override
    public Map<String, String> sign(Outgoing delivery, String key) {
        return Map.of();
    }

    @Override
    public Invented invent(String user) {
        return Invented.secret(Invented.password());
    }

    @Override
    public String words() {
        return "a token in the body's " + path;
    }
}
