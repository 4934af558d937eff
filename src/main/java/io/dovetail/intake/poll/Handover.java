package io.dovetail.intake.poll;

import com.fasterxml.jackson.databind.JsonNode;

/** What {@code kamelet:hub-accept} ends: a route has read something, and hands it over. */
public interface Handover {

    /**
     * Returns when it is stored.
     *
     * @param said the route's variables
     * @throws io.dovetail.event.FailedException when it is not
     */
    void accept(JsonNode said);
}
