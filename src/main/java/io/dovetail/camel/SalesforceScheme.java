package io.dovetail.camel;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * The scheme {@code salesforce:}. Camel's own component says what is asked for and reads what is answered; the request is
 * the hub's, as those of {@code https:} are, bounded and judged.
 */
final class SalesforceScheme extends DefaultComponent {

    private final boolean mayAsk;

    /** @param mayAsk whether these routes may ask other systems at all */
    SalesforceScheme(boolean mayAsk) {
        this.mayAsk = mayAsk;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String operation, Map<String, Object> parameters) {
        if (!mayAsk) {
            throw new IllegalArgumentException(AskComponent.NOBODY);
        }
        var texts = new HashMap<String, String>();
        parameters.forEach((key, value) -> texts.put(key, value.toString()));
        // taken, so that Camel does not take them for unknown options of the endpoint
        parameters.clear();
        return new SalesforceStep(uri, this, SalesforceOptions.take(operation, texts));
    }
}
