package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a sample's {@code answers.json}. */
public final class AnswersReader {

    private static final Set<String> KNOWN = Set.of("request", "status", "body", "text", "contentType", "failure");

    private final String place;
    private final byte[] raw;
    private final Problems problems;

    /** @param place what the file is called in problems */
    public AnswersReader(String place, byte[] raw, Problems problems) {
        this.place = place;
        this.raw = raw;
        this.problems = problems;
    }

    /** Without those that have problems, which have been told. */
    public List<SampleAnswer> read() {
        JsonNode tree;
        try {
            tree = new JsonCodec().read(raw);
        } catch (MalformedException e) {
            problems.add(place, e.getMessage());
            return List.of();
        }
        if (!tree.isArray()) {
            problem("", "answers.json is a list with one entry for each answer, in the order in which they are given");
            return List.of();
        }
        var answers = new ArrayList<SampleAnswer>();
        for (var i = 0; i < tree.size(); i++) {
            var answer = answer(tree.get(i), "/" + i);
            if (answer != null) {
                answers.add(answer);
            }
        }
        return List.copyOf(answers);
    }

    private @Nullable SampleAnswer answer(JsonNode entry, String at) {
        var unknown = new TreeSet<String>();
        entry.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(KNOWN);
        unknown.forEach(name -> problem(
                at + "/" + name,
                "'" + name + "' is not known here; there are request, status, body,"
                        + " text with contentType, and failure"));
        var request = text(entry, at, "request");
        var failure = text(entry, at, "failure");
        if (failure != null) {
            return new SampleAnswer(request, 0, null, new byte[0], failure);
        }
        var status = entry.path("status");
        if (!status.isMissingNode() && (!status.isInt() || status.intValue() < 200 || status.intValue() > 599)) {
            problem(at + "/status", "status is a number of HTTP from 200 to 599");
            return null;
        }
        if (!entry.isObject() || entry.has("body") && entry.has("text")) {
            problem(at, "an entry has a body, which is JSON, or a text, or neither");
            return null;
        }
        var text = text(entry, at, "text");
        var type = text(entry, at, "contentType");
        var body = entry.has("body")
                ? JsonCodec.write(entry.get("body"))
                : text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        return new SampleAnswer(
                request, status.asInt(200), type == null && entry.has("body") ? "application/json" : type, body, null);
    }

    private @Nullable String text(JsonNode entry, String at, String name) {
        var value = entry.path(name);
        if (!value.isTextual() && !value.isMissingNode()) {
            problem(at + "/" + name, "'" + name + "' is no text");
        }
        return value.textValue();
    }

    private void problem(String pointer, String message) {
        var line = new JsonCodec().line(raw, pointer);
        problems.add(line.isPresent() ? place + ":" + line.getAsInt() : place, message);
    }
}
