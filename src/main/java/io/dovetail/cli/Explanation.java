package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.check.EventsJson;
import io.dovetail.check.Rehearsed;
import io.dovetail.cli.Deliveries.Delivery;
import io.dovetail.codec.EdiCodec;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.JwtCodec;
import io.dovetail.codec.MultipartCodec;
import io.dovetail.codec.XmlCodec;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.EventRule;
import io.dovetail.connector.Part;
import io.dovetail.connector.verify.Scheme;
import io.dovetail.event.Event;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.event.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells a person step by step what becomes of a delivery. */
final class Explanation {

    private final Page page;
    private final Configuration configuration;
    private final Connector connector;
    private final Instant acceptedAt;

    Explanation(Page page, Configuration configuration, Connector connector, Instant acceptedAt) {
        this.page = page;
        this.configuration = configuration;
        this.connector = connector;
        this.acceptedAt = acceptedAt;
    }

    void tell(Delivery delivery, String sender, Map<String, String> headers, Rehearsed came) {
        var format = switch (connector.codec()) {
            case JsonCodec c -> "JSON";
            case JwtCodec c -> "token";
            case MultipartCodec c -> "JSON, perhaps in parts";
            case XmlCodec c -> "XML";
            case EdiCodec c -> "EDI";
        };
        page.line(page.bold(connector.title() + ", " + delivery.what()));
        page.field("sender", sender + page.pale("  taken as proved; a hub wants " + proof()));
        deliveryId(headers);
        switch (came) {
            case Rehearsed.Refused(var reason) -> page.field("refused", page.bad("nothing is stored: " + reason));
            case Rehearsed.Accepted(var fates) -> {
                var count = fates.size() == 1 ? "1 event" : fates.size() + " events";
                page.field(
                        "read",
                        String.format(Locale.ROOT, "%s, %,d bytes: ", format, delivery.body().length)
                                + count
                                + page.pale("  split: " + connector.split()));
                for (var i = 0; i < fates.size(); i++) {
                    page.line();
                    tell(i + 1, delivery.body(), fates.get(i));
                }
            }
        }
    }

    private String proof() {
        var verify = connector.webhook().verify();
        var secrets = verify.parts().stream()
                .map(Scheme::secret)
                .filter(Objects::nonNull)
                .map(secret -> connector.name() + "[.<sender>]." + secret)
                .collect(Collectors.joining(" and "));
        return verify.words() + (secrets.isEmpty() ? "" : ", secret " + secrets);
    }

    private void deliveryId(Map<String, String> headers) {
        var header = connector.webhook().deliveryIdHeader();
        var given = header == null ? null : headers.get(header);
        var otherwise = "known by " + (header == null ? "" : header + ", or else by ") + "the SHA-256 of its body";
        page.field("delivery", given != null ? given + page.pale("  " + header) : otherwise);
        var media = headers.get("Content-Type");
        var taken = connector.webhook().media();
        if (media != null
                && !taken.contains(media.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT))) {
            page.field("refused", page.bad("a hub would not take " + media + ", only " + String.join(", ", taken)));
        }
    }

    private void tell(int number, byte[] body, Rehearsed.Fate fate) {
        var part = fate.part();
        var place = connector.codec().place(body, part.pointer());
        var where = (part.pointer().isEmpty() ? "/" : part.pointer()) + (place.isEmpty() ? "" : ", " + place);
        page.line(page.bold("Event " + number) + page.pale("  at " + where));
        rule(fate);
        identity(part);
        switch (fate) {
            case Rehearsed.Said(var p, var rule, var event, var triggers) -> {
                if (rule != null) {
                    page.field(
                            "contract",
                            page.good("kept")
                                    + page.pale("  schemas/" + rule.contract().name() + ".schema.json"));
                    page.field("mapping", rule.mapping().place());
                }
                page.field(
                        "says",
                        page.good(event.type()) + page.pale("  schemas/events/" + event.type() + ".schema.json"));
                page.line(Json.pretty(tree(event)).indent(4).stripTrailing());
                triggers.forEach(this::trigger);
                if (triggers.isEmpty()) {
                    page.field("triggers", "none");
                }
            }
            case Rehearsed.Ignored(var p, var rule, var reason) -> page.field("ignored", reason);
            case Rehearsed.Duplicate(var p, var rule) ->
                page.field("duplicate", "the same came before it in this delivery, under the same id");
            case Rehearsed.Parked(var p, var rule, var failure) -> parked(failure, rule);
            case Rehearsed.Waiting(var p, var rule, var failure) -> {
                page.field("waits", failure.kind().name() + " at " + page.bold(failure.place()));
                page.field("reason", failure.message());
                page.field("next", "a hub asks again, later and later, for as long as it takes");
            }
        }
    }

    private void rule(Rehearsed.Fate fate) {
        var rule = fate.rule();
        if (rule != null) {
            page.field("rule", rule.when().place() + page.pale("  emits " + rule.emits()));
        } else {
            page.field(
                    "rule",
                    page.bad("none matches") + page.pale("  connectors/" + connector.name() + "/connector.yaml"));
        }
    }

    private void identity(Part part) {
        var id = part.isUnnamed() ? "none: whatever arrives is an event of its own" : part.id();
        if (id != null) {
            page.field("id", id);
            page.field(
                    "key",
                    part.key() == null
                            ? "none: it needs no order"
                            : part.key() + page.pale(connector.ordered() ? "" : "  nothing waits for it"));
        }
        if (!part.keys().isEmpty()) {
            page.field(
                    "keys",
                    part.keys().entrySet().stream()
                            .map(key -> key.getKey() + " = " + key.getValue())
                            .collect(Collectors.joining(", ")));
        }
    }

    private void parked(Failure failure, @Nullable EventRule rule) {
        if (failure.kind() == FailureKind.MAPPING && rule != null) {
            page.field("mapping", rule.mapping().place());
        }
        page.field("parked", page.bad(failure.kind().name()) + " at " + page.bold(failure.place()));
        page.field("broken", failure.rule());
        if (failure.value() != null) {
            page.field("value", failure.value());
        }
        page.field("reason", failure.message());
        if (failure.detail() != null) {
            page.field("detail", failure.detail().strip());
        }
    }

    private void trigger(Trigger trigger) {
        var route = "routes/triggers/" + trigger.policy() + ".camel.yaml";
        page.field(
                "triggers",
                page.good(trigger.workflow()) + ", " + trigger.priority().name().toLowerCase(Locale.ROOT) + ", due "
                        + EventsJson.words(Duration.between(acceptedAt, trigger.due()))
                        + (trigger.approval() == null ? "" : ", a person must approve: " + trigger.approval())
                        + page.pale("  "
                                + (configuration.files().containsKey(route) ? route : "route " + trigger.policy())));
    }

    private static JsonNode tree(Event event) {
        var head = new LinkedHashMap<String, Object>();
        head.put("id", event.id().toString());
        head.put("type", event.type());
        if (event.subject() != null) {
            head.put("subject", event.subject());
        }
        head.put("time", event.time().toString());
        head.put("data", event.data());
        return Json.MAPPER.valueToTree(head);
    }
}
