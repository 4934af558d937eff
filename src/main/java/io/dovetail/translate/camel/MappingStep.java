package io.dovetail.translate.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dovetail.camel.Lookups;
import io.dovetail.codec.ExpressionException;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.translate.Source;
import java.util.Map;
import org.apache.camel.Exchange;

/** {@code hub:mapping}: the source event's tree becomes {@code {subject, time, data}} or {@code {ignore}}. */
final class MappingStep {

    private MappingStep() {}

    static void run(Exchange exchange) {
        var translation = Translation.of(exchange);
        var mapping = translation.rule().mapping();
        var message = exchange.getMessage();
        if (!(message.getBody() instanceof JsonNode tree)) {
            throw failed(mapping.place(), "mapping input", "the body is no tree any more; a step before it changed it");
        }
        JsonNode result;
        try {
            result = mapping.apply(tree, variables(translation.source(), exchange));
        } catch (ExpressionException e) {
            throw new FailedException(
                    Failure.of(FailureKind.MAPPING, e.place(), "mapping", String.valueOf(e.getMessage())), e);
        }
        var ignore = result.get("ignore");
        if (ignore == null) {
            message.setBody(result);
        } else if (result.size() == 1
                && ignore.isTextual()
                && !ignore.textValue().isBlank()) {
            translation.ignored(ignore.textValue(), exchange);
        } else {
            throw failed(
                    mapping.place(),
                    "mapping result",
                    "\"ignore\" stands alone and is text, the reason the books show");
        }
    }

    private static Map<String, JsonNode> variables(Source source, Exchange exchange) {
        return Map.of(
                "sender",
                TextNode.valueOf(source.sender()),
                "connector",
                TextNode.valueOf(source.connector().name()),
                "acceptedAt",
                TextNode.valueOf(source.acceptedAt().toString()),
                Lookups.VARIABLE,
                Lookups.of(exchange));
    }

    private static FailedException failed(String place, String rule, String message) {
        return new FailedException(Failure.of(FailureKind.MAPPING, place, rule, message));
    }
}
