package io.dovetail.counterpart;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import io.dovetail.camel.Shop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A transmitter of security event tokens whose stream is polled (RFC 8936): a token comes again with every answer until it
 * is acknowledged, or is said to be wrong; and what goes wrong. One request at a time.
 */
public final class SetTransmitter implements AutoCloseable {

    public static final String TOKEN = "stream-t0ken";

    private final AskedSystem system = AskedSystem.start().decides(this::behaviour);
    private final Map<String, String> waiting = new LinkedHashMap<>();
    private final List<String> acknowledged = new ArrayList<>();
    private final Map<String, String> refused = new TreeMap<>();
    private final Queue<Behaviour> faults = new ConcurrentLinkedQueue<>();
    private boolean losesAnswer;
    private boolean isGenerous;
    private boolean isDeaf;

    /** As the secret of the stream has it. */
    public String stream() {
        return "127.0.0.1:" + system.port() + "/ssf/streams/7/events";
    }

    public synchronized void has(String jti, String token) {
        waiting.put(jti, token);
    }

    /** Whose tokens it need not keep any longer, in the order in which it heard so. */
    public synchronized List<String> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** What it was told to be wrong, and how. */
    public synchronized Map<String, String> refused() {
        return Map.copyOf(refused);
    }

    /** Takes in what the next request tells, and breaks off instead of answering it. */
    public synchronized void losesTheNextAnswer() {
        losesAnswer = true;
    }

    /** Gives everything it has, however little is asked for. */
    public synchronized void isGenerous() {
        isGenerous = true;
    }

    /** Gives again what was acknowledged, or not. */
    public synchronized void isDeaf(boolean deaf) {
        isDeaf = deaf;
    }

    /** What the next requests are answered with instead, in their order. */
    public void does(Behaviour... instead) {
        faults.addAll(List.of(instead));
    }

    /** Bodies, in their order. */
    public List<String> asked() {
        return system.seen().stream().map(Seen::body).toList();
    }

    private synchronized Behaviour behaviour(Seen seen) {
        if (!("Bearer " + TOKEN).equals(seen.header("Authorization"))) {
            return AskedSystem.json(401, "");
        }
        var fault = faults.poll();
        if (fault != null) {
            return fault;
        }
        if (!seen.method().equals("POST") || !seen.target().equals("/ssf/streams/7/events")) {
            return AskedSystem.json(404, "");
        }
        var question = Shop.tree(seen.body());
        take(question);
        if (losesAnswer) {
            losesAnswer = false;
            return AskedSystem.half();
        }
        var most = isGenerous ? Integer.MAX_VALUE : question.path("maxEvents").asInt(100);
        var sets = waiting.entrySet().stream()
                .limit(most)
                .map(one -> "\"" + one.getKey() + "\":\"" + one.getValue() + "\"")
                .toList();
        return AskedSystem.json(
                200,
                "{\"sets\":{" + String.join(",", sets) + "},\"moreAvailable\":" + (sets.size() < waiting.size()) + "}");
    }

    private void take(JsonNode question) {
        for (var jti : question.path("ack")) {
            if (isDeaf || waiting.remove(jti.asText()) != null) {
                acknowledged.add(jti.asText());
            }
        }
        question.path("setErrs").properties().forEach(one -> {
            waiting.remove(one.getKey());
            refused.put(one.getKey(), one.getValue().path("err").asText());
        });
    }

    @Override
    public void close() {
        system.close();
    }
}
