package io.dovetail.camel;

import java.util.Map;
import org.apache.camel.Processor;

/** What an endpoint {@code hub:<name>} does to the exchanges that come to it. */
@FunctionalInterface
public interface Verb {

    /**
     * Reads the endpoint's parameters once, when a route is loaded. What is given is closed with the route if it can be.
     *
     * @throws IllegalArgumentException naming the parameter that is wrong and what it should be
     */
    Processor bind(Map<String, String> parameters);
}
