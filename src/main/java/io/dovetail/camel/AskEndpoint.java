package io.dovetail.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.call.MediaTypes;
import io.dovetail.call.Request;
import io.dovetail.call.SecretReference;
import io.dovetail.codec.JsonCodec;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** One address that routes ask. The answer's tree becomes the message's body. */
final class AskEndpoint extends DefaultEndpoint {

    private final AddressTemplate address;
    private final AskOptions options;

    AskEndpoint(String uri, AskComponent component, AddressTemplate address, AskOptions options) {
        super(uri, component);
        this.address = address;
        this.options = options;
    }

    @Override
    public Producer createProducer() {
        return new DefaultProducer(this) {
            @Override
            public void process(Exchange exchange) {
                var request = request(exchange);
                var answer = HubRoute.work(exchange, Asks.class).caller().ask(request);
                exchange.getMessage().setHeaders(new HashMap<>());
                exchange.getMessage().setBody(answer);
            }
        };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("no route takes HTTP from outside");
    }

    private Request request(Exchange exchange) {
        try {
            var headers = headers(exchange.getMessage(), options.sends());
            return new Request(
                    options.method(),
                    address.fill(name -> text(exchange.getVariable(name))),
                    address.text(),
                    headers,
                    options.credentials(),
                    options.reading(),
                    options.sends() ? body(exchange.getMessage(), headers.getOrDefault("Content-Type", "")) : null,
                    options.allowance());
        } catch (AddressTemplate.UnfitException e) {
            throw new FailedException(Failure.of(
                    FailureKind.MAPPING,
                    SecretReference.words(options.method() + " " + address.text()),
                    "address",
                    "the address cannot be made of the event: " + e.getMessage()));
        }
    }

    private static Map<String, String> headers(Message message, boolean sends) {
        // in whatever letters a route writes them
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Accept", "application/json");
        if (sends) {
            headers.put("Content-Type", "application/json");
        }
        headers.put("User-Agent", "dovetail");
        if (message.getHeaders().isEmpty()) {
            return headers;
        }
        message.getHeaders().forEach((name, value) -> {
            var text = text(value);
            if (text != null) {
                var problem = HeaderRules.problem(name);
                if (problem != null) {
                    throw new AddressTemplate.UnfitException("the header " + name + " " + problem);
                }
                headers.put(name, HeaderRules.fit(name, text));
            }
        });
        return headers;
    }

    /** As JSON; text that is said to be something else, as it is. */
    static byte[] body(Message message, String type) {
        if (!(message.getBody() instanceof JsonNode tree)) {
            throw new AddressTemplate.UnfitException(
                    "what is to be sent is no tree; make it with jslt, and say variableSend");
        }
        if (MediaTypes.isJson(type)) {
            return JsonCodec.write(tree);
        }
        if (tree.isTextual()) {
            return tree.textValue().getBytes(StandardCharsets.UTF_8);
        }
        throw new AddressTemplate.UnfitException("what is to be sent as " + type + " is no text; make it one, as"
                + " to-xml() does, or leave the header Content-Type to the hub and it is sent as JSON");
    }

    static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case JsonNode node when node.isBigDecimal() -> node.decimalValue().toPlainString();
            case JsonNode node -> node.isValueNode() && !node.isNull() ? node.asText() : null;
            default -> value.toString();
        };
    }
}
