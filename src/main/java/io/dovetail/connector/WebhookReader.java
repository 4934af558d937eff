package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.FieldPath;
import io.dovetail.connector.answer.Answers;
import io.dovetail.connector.answer.Fault;
import io.dovetail.connector.answer.Handshake;
import io.dovetail.connector.verify.Scheme;
import io.dovetail.connector.verify.UnsoundException;
import io.dovetail.connector.verify.Verify;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code intake.webhook} once it has proved valid. */
final class WebhookReader {

    static final int MAX_BYTES = 16 * 1024 * 1024;
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,8})(B|KiB|MiB)?");

    private WebhookReader() {}

    static Webhook read(JsonNode webhook, Set<String> media) {
        var deliveryId = webhook.path("deliveryId");
        var maxBytes = (int) bytes(webhook.path("maxBytes").asText("1MiB"));
        var verify = Verify.read(webhook.path("verify"));
        return new Webhook(
                verify,
                deliveryId.has("header") ? deliveryId.path("header").asText() : null,
                deliveryId.path("signed").asBoolean(false),
                media,
                maxBytes,
                limits(webhook.path("limits"), maxBytes),
                webhook.path("handshakes").valueStream().map(Handshake::read).toList(),
                Answers.read(webhook.path("answers")),
                redactions(webhook, verify),
                Requests.read(webhook.path("requests")),
                named(webhook.path("named")));
    }

    private static @Nullable Named named(JsonNode named) {
        return named.isObject()
                ? new Named(named.path("field").asText(), named.path("query").textValue())
                : null;
    }

    /** What is named, and a proof that stands in the body: whoever reads the store must not be able to send. */
    private static List<FieldPath> redactions(JsonNode webhook, Verify verify) {
        var named = webhook.path("redactBeforeStore").valueStream().map(JsonNode::asText);
        var proofs = verify.parts().stream().map(Scheme::bodyField).filter(Objects::nonNull);
        return Stream.concat(named, proofs)
                .filter(FieldPath::isOne)
                .map(FieldPath::of)
                .toList();
    }

    private static Limits limits(JsonNode limits, int maxBytes) {
        return new Limits(
                rate(limits, maxBytes),
                rate(limits.path("together"), maxBytes),
                limits.path("concurrent").asInt(0),
                Math.max(bytes(limits.path("concurrentBytes").asText("0B")), 0));
    }

    private static Limits.Rate rate(JsonNode rate, int maxBytes) {
        var perSecond = rate.path("perSecond").asInt(0);
        var bytesPerSecond = bytes(rate.path("bytesPerSecond").asText("0B"));
        return new Limits.Rate(
                perSecond,
                rate.path("burst").asInt(perSecond),
                Math.max(bytesPerSecond, 0),
                // a delivery of the largest size must fit in
                bytesPerSecond > 0 ? Math.max(bytesPerSecond, maxBytes) : 0);
    }

    /** -1 for what is no size. */
    static long bytes(String text) {
        var size = SIZE.matcher(text);
        if (!size.matches()) {
            return -1;
        }
        var number = Long.parseLong(size.group(1));
        return switch (String.valueOf(size.group(2))) {
            case "KiB" -> number * 1024;
            case "MiB" -> number * 1024 * 1024;
            default -> number;
        };
    }

    /**
     * What a schema cannot say.
     *
     * @param violations what it did say; null where it was not asked, and then {@code verify} is not looked at
     */
    static void check(YamlTree yaml, @Nullable List<Schema.Violation> violations, Problems found) {
        var webhook = yaml.root().path("intake").path("webhook");
        var at = "/intake/webhook";
        var maxBytes = webhook.path("maxBytes");
        if (maxBytes.isTextual() || maxBytes.isNumber()) {
            var bytes = bytes(maxBytes.asText());
            if (bytes < 1 || bytes > MAX_BYTES) {
                found.add(yaml.place(at + "/maxBytes"), "maxBytes is a size as 1MiB or 512KiB, at most 16MiB");
            }
        }
        checkSizes(yaml, webhook, found);
        checkRequests(yaml, webhook, found);
        checkRedactions(yaml, webhook.path("redactBeforeStore"), found);
        if (violations == null || !webhook.path("verify").isObject() || isTold(violations, at + "/verify")) {
            return; // told already, and not fit to be read
        }
        try {
            var verify = Verify.read(webhook.path("verify"));
            var header = webhook.path("deliveryId").path("header").asText("");
            if (webhook.path("deliveryId").path("signed").asBoolean(false) && !verify.covers(header)) {
                found.add(
                        yaml.place(at + "/deliveryId/signed"),
                        "the proof (" + verify.words() + ") does not cover the header " + header
                                + ": say signed: false");
            }
            if (isTold(violations, at + "/handshakes") || isTold(violations, at + "/answers")) {
                return;
            }
            Fault.of(webhook, verify).forEach(fault -> found.add(yaml.place(at + fault.pointer()), fault.message()));
        } catch (UnsoundException e) {
            found.add(yaml.place(at + "/verify/" + e.property()), e.getMessage());
        }
    }

    private static void checkRequests(YamlTree yaml, JsonNode webhook, Problems found) {
        var at = "/intake/webhook/";
        webhook.path("requests").path("headers").properties().forEach(header -> {
            try {
                Pattern.compile(header.getValue().asText());
            } catch (PatternSyntaxException e) {
                found.add(
                        yaml.place(at + "requests/headers"),
                        "what a header must be is a regular expression: " + e.getDescription());
            }
        });
        var named = webhook.path("named");
        if (webhook.path("requests").path("put").asBoolean(false) && !named.has("query")) {
            found.add(
                    yaml.place(at + "requests/put"),
                    "whoever PUTs says what: name the parameter, with named: { field, query }");
        }
        if (named.isObject()) {
            var split = yaml.root().path("split").asText("none");
            if (!Media.JSON.isAmong(ConnectorReader.media(yaml.root()))
                    || !split.equals("none") && !split.equals("[]")) {
                found.add(
                        yaml.place(at + "named"),
                        "only events of JSON that are the body, or a list that it is (split: \"[]\"), are named");
            }
            if (webhook.has("redactBeforeStore")) {
                found.add(
                        yaml.place(at + "named"),
                        "a name may be made of what is overwritten (redactBeforeStore): leave one out");
            }
        }
    }

    private static void checkRedactions(YamlTree yaml, JsonNode paths, Problems found) {
        for (var i = 0; i < paths.size(); i++) {
            if (!FieldPath.isOne(paths.path(i).asText())) {
                found.add(
                        yaml.place("/intake/webhook/redactBeforeStore/" + i),
                        "redactBeforeStore holds paths as Envelope.Body.SessionId, value[].clientState or //SessionId");
            }
        }
        var media = ConnectorReader.media(yaml.root());
        if (!paths.isEmpty() && !Media.codec(yaml.root(), media).redacts()) {
            found.add(
                    yaml.place("/intake/webhook/redactBeforeStore"),
                    "only JSON and XML can be overwritten in part: take redactBeforeStore away");
        }
    }

    private static void checkSizes(YamlTree yaml, JsonNode webhook, Problems found) {
        for (var at : List.of("bytesPerSecond", "together/bytesPerSecond", "concurrentBytes")) {
            var size = webhook.at("/limits/" + at);
            var name = at.substring(at.indexOf('/') + 1);
            var place = yaml.place("/intake/webhook/limits/" + at);
            if (!size.isTextual() && !size.isNumber()) {
                continue;
            }
            var bytes = bytes(size.asText());
            if (bytes < 1) {
                found.add(place, name + " is a size as 1MiB or 512KiB");
            } else if (name.equals("concurrentBytes")
                    && bytes < bytes(webhook.path("maxBytes").asText("1MiB"))) {
                found.add(place, "a delivery of maxBytes would never get in: allow as many at least");
            }
        }
    }

    private static boolean isTold(List<Schema.Violation> violations, String pointer) {
        return violations.stream().anyMatch(violation -> violation.pointer().startsWith(pointer));
    }
}
