package io.dovetail.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * A CloudEvent as a consumer got it.
 *
 * @param event the id of the event, also when this is a trigger of it
 * @param workflow what is to be set off; empty when this is the event itself
 */
record Arrival(String id, String type, String sender, String key, int n, String event, String workflow) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    static Arrival of(byte[] body) throws IOException {
        var said = MAPPER.readTree(body);
        var workflow = said.at("/data/workflow").asText("");
        var event = workflow.isEmpty() ? said : said.at("/data/event");
        return new Arrival(
                said.path("id").asText(),
                said.path("type").asText(),
                sender(event),
                event.at("/data/certificationId").asText(),
                event.at("/data/program").asInt(-1),
                event.path("id").asText(),
                workflow);
    }

    private static String sender(JsonNode event) {
        var source = event.path("source").asText();
        return source.substring(source.lastIndexOf('/') + 1);
    }

    boolean isTrigger() {
        return !workflow.isEmpty();
    }
}
