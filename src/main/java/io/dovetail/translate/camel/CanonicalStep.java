package io.dovetail.translate.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.connector.EventRule;
import io.dovetail.event.Event;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.translate.Translated;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** {@code hub:canonical}: checks what the mapping says and makes the event of it. */
final class CanonicalStep {

    private static final String RULE = "mapping result";
    private static final Set<String> FIELDS = Set.of("type", "subject", "time", "data");

    private CanonicalStep() {}

    static void run(Exchange exchange) {
        var translation = Translation.of(exchange);
        var rule = translation.rule();
        if (!(exchange.getMessage().getBody() instanceof JsonNode result) || !result.isObject()) {
            throw failed(rule, null, "the mapping must give {subject, time, data} or {ignore}");
        }
        result.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw failed(rule, name, "the mapping gives a field beside subject, time and data; move it into data");
            }
        });
        var type = type(rule, result.path("type"));
        var data = checked(rule, type, result.path("data"));
        var source = translation.source();
        translation.said(new Translated.Said(new Event(
                source.id(),
                source.connector().name(),
                source.sender(),
                type,
                subject(rule, result.get("subject")),
                time(rule, result.path("time")),
                source.key(),
                source.traceparent(),
                source.revision(),
                source.revises(),
                source.lineage(),
                data)));
    }

    /** As the rule says, unless the mapping, which knows what was looked up, chooses another that the rule allows. */
    private static String type(EventRule rule, JsonNode chosen) {
        if (chosen.isMissingNode() || chosen.isNull()) {
            return rule.emits();
        }
        if (!chosen.isTextual() || rule.canonical(chosen.textValue()) == null) {
            throw failed(rule, chosen.asText(), "\"type\" is one of those under emits and orEmits: " + rule.types());
        }
        return chosen.textValue();
    }

    private static JsonNode checked(EventRule rule, String type, JsonNode data) {
        if (!data.isObject()) {
            throw failed(rule, data.asText(), "the mapping gives no object as \"data\"");
        }
        var canonical = Objects.requireNonNull(rule.canonical(type));
        var violation = canonical.check(data);
        if (violation != null) {
            throw new FailedException(new Failure(
                    FailureKind.MAPPING,
                    rule.mapping().place(),
                    canonical.name() + " " + violation.keyword(),
                    "the mapping's result is wrong at /data" + violation.pointer() + ": " + violation.message()
                            + "; repair the mapping",
                    violation.value(),
                    null));
        }
        return data;
    }

    private static @Nullable String subject(EventRule rule, @Nullable JsonNode subject) {
        if (subject == null || subject.isNull()) {
            return null;
        }
        if (!subject.isTextual() || subject.textValue().isBlank()) {
            throw failed(rule, subject.toString(), "\"subject\" must be text; leave it out where there is none");
        }
        return subject.textValue();
    }

    private static Instant time(EventRule rule, JsonNode time) {
        if (time.isTextual()) {
            try {
                var instant = OffsetDateTime.parse(time.textValue()).toInstant();
                var year = instant.atOffset(ZoneOffset.UTC).getYear();
                // RFC 3339, and so CloudEvents, has four digits for a year
                if (year >= 1 && year <= 9999) {
                    return instant;
                }
            } catch (DateTimeException e) {
                // said below, with what it should be
            }
        }
        throw failed(
                rule,
                time.asText(),
                "\"time\" must be an ISO 8601 instant such as 2026-05-01T09:30:00Z or" + " 2026-05-01T11:30:00+02:00");
    }

    private static FailedException failed(EventRule rule, @Nullable String value, String message) {
        return new FailedException(
                new Failure(FailureKind.MAPPING, rule.mapping().place(), RULE, message, value, null));
    }
}
