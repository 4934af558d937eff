package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.codec.XmlField;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLStreamException;

/**
 * The secret in a field of the body, as Microsoft Graph's {@code clientState}. Where the path goes through lists, every
 * element must hold it, or a newer one of the same sender while that changes over, and there must be one: what is not
 * proved must not come along with what is.
 *
 * @param path names with dots between, {@code []} behind a list, as {@code value[].clientState}
 */
record BodyField(String path, String secret) implements Scheme {

    private static final String LIST = "[]";
    // numbers come out as they went in
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    static BodyField read(JsonNode verify) {
        return new BodyField(verify.path("path").asText(), verify.path("secret").asText());
    }

    @Override
    public String scheme() {
        return "body-field";
    }

    @Override
    public String bodyField() {
        return path;
    }

    @Override
    public Optional<Proof> proof(Envelope envelope, Clock clock) {
        return Optional.of((Proof.InTree) (secrets, tree) -> fits(steps(), secrets, tree));
    }

    private List<String> steps() {
        return List.of(path.split("\\."));
    }

    private static boolean fits(List<String> steps, List<String> secrets, JsonNode node) {
        if (steps.isEmpty()) {
            return node.isTextual() && isOneOf(secrets, node.textValue().getBytes(UTF_8));
        }
        var step = steps.getFirst();
        var rest = steps.subList(1, steps.size());
        if (!step.endsWith(LIST)) {
            return fits(rest, secrets, node.path(step));
        }
        var name = step.substring(0, step.length() - LIST.length());
        var list = name.isEmpty() ? node : node.path(name);
        if (!list.isArray() || list.isEmpty()) {
            return false;
        }
        for (var element : list) {
            if (!fits(rest, secrets, element)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOneOf(List<String> secrets, byte[] given) {
        var is = false;
        for (var secret : secrets) {
            is |= MessageDigest.isEqual(secret.getBytes(UTF_8), given);
        }
        return is;
    }

    /** Nothing: it stands in the body. */
    @Override
    public Map<String, String> sign(Outgoing delivery, String key) {
        return Map.of();
    }

    /** The body with the secret wherever the path leads; one that is neither JSON nor XML goes out as it is. */
    @Override
    public byte[] fill(byte[] body, String key) {
        try {
            var tree = JSON.readTree(body);
            return fits(steps(), List.of(key), tree) || !put(steps(), key, tree) ? body : JSON.writeValueAsBytes(tree);
        } catch (IOException e) {
            return fillXml(body, key);
        }
    }

    private byte[] fillXml(byte[] body, String key) {
        try {
            var way = steps().stream().map(step -> step.replace(LIST, "")).toList();
            return XmlField.put(way, key, body);
        } catch (XMLStreamException e) {
            return body;
        }
    }

    /** Whether it is there now. */
    private static boolean put(List<String> steps, String key, JsonNode node) {
        var name = steps.getFirst();
        var rest = steps.subList(1, steps.size());
        if (name.endsWith(LIST)) {
            var list = name.equals(LIST) ? node : node.path(name.substring(0, name.length() - LIST.length()));
            var isThere = !list.isEmpty() && !rest.isEmpty();
            for (var element : list) {
                isThere &= !rest.isEmpty() && put(rest, key, element);
            }
            return isThere;
        }
        if (!rest.isEmpty()) {
            return put(rest, key, node.path(name));
        }
        if (node instanceof ObjectNode object) {
            object.put(name, key);
            return true;
        }
        return false;
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
