package io.dovetail.camel;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/** The scheme {@code hub:}, behind which Java hides from YAML. Engineers call it by the Kamelets of connectors/hub/. */
final class HubComponent extends DefaultComponent {

    private final Map<String, Verb> verbs;

    HubComponent(Map<String, Verb> verbs) {
        this.verbs = verbs;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
        var verb = verbs.get(name);
        if (verb == null) {
            throw new IllegalArgumentException("hub:" + name + " has no meaning here; what these routes may use is "
                    + new TreeSet<>(verbs.keySet()));
        }
        var texts = new HashMap<String, String>();
        parameters.forEach((key, value) -> texts.put(key, value.toString()));
        // taken, so that Camel does not take them for unknown options of the endpoint
        parameters.clear();
        return new HubEndpoint(uri, this, name, verb, Map.copyOf(texts));
    }
}
