package io.dovetail.camel;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * The schemes {@code http:} and {@code https:}: a request that the hub makes, bounds and judges. What Camel's own
 * component takes from a message's headers, and what it does by itself, this one does not: a message fills in the places
 * that an address has for it, and nothing else. And the scheme {@code salesforce:}, where Camel's own component says what is
 * asked and judges how it is answered, and the request is the hub's all the same.
 */
final class AskComponent extends DefaultComponent {

    private final boolean mayAsk;

    /** @param mayAsk whether these routes may ask other systems at all */
    AskComponent(boolean mayAsk) {
        this.mayAsk = mayAsk;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        if (!mayAsk) {
            throw new IllegalArgumentException(
                    "no policy asks another system; ask in routes/translate/<connector>.camel.yaml, and let the mapping"
                            + " say what was answered");
        }
        var texts = new HashMap<String, String>();
        parameters.forEach((key, value) -> texts.put(key, value.toString()));
        // taken, so that Camel does not take them for unknown options of the endpoint
        parameters.clear();
        var scheme = uri.substring(0, uri.indexOf(':'));
        if (scheme.equals(SalesforceOptions.SCHEME)) {
            return new SalesforceStep(uri, this, SalesforceOptions.take(remaining, texts));
        }
        var options = AskOptions.take(texts);
        var address = AddressTemplate.of(scheme, remaining, texts);
        options.suit(address);
        return new AskEndpoint(uri, this, address, options);
    }
}
