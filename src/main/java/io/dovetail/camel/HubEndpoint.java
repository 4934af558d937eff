package io.dovetail.camel;

import java.util.Map;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;

/** One use of a verb, with its parameters. As a route's beginning it only waits to be given exchanges. */
final class HubEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {

    private final String name;
    private final Verb verb;
    private final Map<String, String> parameters;

    HubEndpoint(String uri, HubComponent component, String name, Verb verb, Map<String, String> parameters) {
        super(uri, component);
        this.name = name;
        this.verb = verb;
        this.parameters = parameters;
    }

    String name() {
        return name;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    /** As for two policies that declare the same types. */
    @Override
    public boolean isMultipleConsumersSupported() {
        return true;
    }

    @Override
    public Producer createProducer() {
        return new Step(this, verb.bind(parameters));
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        verb.bind(parameters);
        return new DefaultConsumer(this, processor);
    }

    private static final class Step extends DefaultAsyncProducer {

        private final Processor processor;

        Step(HubEndpoint endpoint, Processor processor) {
            super(endpoint);
            this.processor = processor;
        }

        @Override
        protected void doStop() throws Exception {
            if (processor instanceof AutoCloseable open) {
                open.close();
            }
            super.doStop();
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            try {
                processor.process(exchange);
                // an Error too: one event's stack overflow must not take the worker with it
            } catch (Throwable t) {
                exchange.setException(t);
            }
            callback.done(true);
            return true;
        }
    }
}
