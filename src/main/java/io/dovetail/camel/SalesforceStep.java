package io.dovetail.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.dovetail.call.Caller;
import io.dovetail.call.Request;
import io.dovetail.call.SecretReference;
import io.dovetail.camel.salesforce.Carrier;
import io.dovetail.camel.salesforce.Carrier.Answered;
import io.dovetail.camel.salesforce.SalesforceOperation;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import java.util.HashMap;
import java.util.Locale;
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

/** One operation that routes ask for. The answer's tree becomes the message's body. */
final class SalesforceStep extends DefaultEndpoint {

    private final SalesforceOptions options;

    SalesforceStep(String uri, AskComponent component, SalesforceOptions options) {
        super(uri, component);
        this.options = options;
    }

    @Override
    public Producer createProducer() throws Exception {
        var operation = new SalesforceOperation(
                getCamelContext(), options.instance(), options.operation(), options.parameters());
        return new DefaultProducer(this) {
            @Override
            public void process(Exchange exchange) throws Exception {
                var answer = ask(operation, exchange);
                exchange.getMessage().setHeaders(new HashMap<>());
                exchange.getMessage().setBody(answer);
            }
        };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("no route listens to Salesforce; events come by kamelet:hub-subscribe");
    }

    private JsonNode ask(SalesforceOperation operation, Exchange exchange) throws Exception {
        Map<String, String> headers;
        byte[] body;
        try {
            headers = headers(exchange.getMessage());
            if (!options.id().isEmpty()) {
                headers.put(options.id(), options.idOf(name -> AskEndpoint.text(exchange.getVariable(name))));
            }
            body = options.asking().sends() ? AskEndpoint.body(exchange.getMessage(), "application/json") : null;
        } catch (AddressTemplate.UnfitException e) {
            throw new FailedException(Failure.of(
                    FailureKind.MAPPING,
                    SecretReference.words("salesforce:" + options.operation() + " " + options.instance()),
                    "address",
                    "the request cannot be made of the event: " + e.getMessage()));
        }
        var carrying = new Carrying(HubRoute.work(exchange, Asks.class).caller());
        operation.ask(headers, body, carrying);
        return carrying.answer;
    }

    /** One request, and what is answered. */
    private final class Carrying implements Carrier {

        private final Caller caller;
        private JsonNode answer = NullNode.getInstance();

        Carrying(Caller caller) {
            this.caller = caller;
        }

        @Override
        public Answered carry(String method, String address, Map<String, String> headers, byte @Nullable [] body) {
            headers.put("User-Agent", "dovetail");
            var asking = options.asking();
            answer = caller.ask(new Request(
                    method,
                    address,
                    options.endpoint(address),
                    headers,
                    asking.credentials(),
                    asking.reading(),
                    body,
                    asking.allowance()));
            if (!answer.isNull()) {
                return Answered.SOMETHING;
            }
            // the caller tells them apart by what it takes for an answer, and no further
            return options.mayBeAbsent() ? Answered.ABSENT : Answered.NOTHING;
        }
    }

    /** Those that camel-salesforce sends on; another would be lost without a word, or be taken for a parameter. */
    private static Map<String, String> headers(Message message) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        message.getHeaders().forEach((name, value) -> {
            var text = AskEndpoint.text(value);
            if (text != null) {
                var problem = HeaderRules.problem(name);
                if (problem == null && !name.toLowerCase(Locale.ROOT).matches("(sforce|x-sfdc)-.*")) {
                    problem =
                            "is none that is sent to Salesforce: those are named Sforce-… or X-SFDC-…, and what is to be"
                                    + " asked for stands in the parameters";
                }
                if (problem != null) {
                    throw new AddressTemplate.UnfitException("the header " + name + " " + problem);
                }
                headers.put(name, HeaderRules.fit(name, text));
            }
        });
        return headers;
    }
}
