package io.dovetail.flow;

import io.dovetail.connector.Configuration;
import io.dovetail.translate.Translator;
import io.dovetail.trigger.Policies;

/** A configuration that is ready to work: read, checked, compiled and started as a whole. */
public record Version(Configuration configuration, Translator translator, Policies policies) {

    String hash() {
        return configuration.hash();
    }

    void close() {
        translator.close();
        policies.close();
    }
}
