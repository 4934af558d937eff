package io.dovetail.camel.salesforce;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangePattern;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/** One operation of camel-salesforce with its parameters. Safe for many threads; has nothing that must be closed. */
public final class SalesforceOperation {

    private final CamelContext context;
    private final CarriedComponent component;
    private final AsyncProducer producer;

    /**
     * @param instance scheme, host and port
     * @param name as {@code upsertSObject}
     * @param parameters as camel-salesforce names them; payloads are JSON
     */
    public SalesforceOperation(CamelContext context, String instance, String name, Map<String, String> parameters)
            throws Exception {
        this.context = context;
        this.component = new CarriedComponent(context, instance);
        ServiceHelper.startService(component);
        var all = new HashMap<String, Object>(parameters);
        all.put("rawPayload", true);
        this.producer = component.producer(name, all);
        ServiceHelper.startService(producer.getEndpoint(), producer);
    }

    /**
     * Asks in this thread, as often as camel-salesforce asks for it.
     *
     * @param headers those of the request, and parameters that are this time's
     * @throws Exception what the carrier throws is among its causes
     */
    public void ask(Map<String, String> headers, byte @Nullable [] body, Carrier carrier) throws Exception {
        // of its own: what else stands in the headers of a route's exchange could be taken for a parameter
        var exchange = new DefaultExchange(context, ExchangePattern.InOut);
        exchange.getIn().setHeaders(new HashMap<>(headers));
        exchange.getIn().setBody(body);
        component.getHttpClient().with(carrier, () -> producer.process(exchange, synchronously -> {}));
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
    }
}
