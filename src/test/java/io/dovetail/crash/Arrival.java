package io.dovetail.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * A CloudEvent as a consumer got it.
 *
 * @param event the id of the event, also when this is a trigger of it
 * @param workflow what is to be set off; empty when this is the event itself
 * @param content as {@link Offer#content()} has it
 */
record Arrival(String id, String type, String sender, String key, int n, String event, String workflow, int content) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    static Arrival of(byte[] body) throws IOException {
        var said = MAPPER.readTree(body);
        var workflow = said.at("/data/workflow").asText("");
        var event = workflow.isEmpty() ? said : said.at("/data/event");
        var id = said.path("id").asText();
        var data = event.path("data");
        // hundreds of thousands are kept: what is the same in many is one
        return new Arrival(
                id,
                said.path("type").asText().intern(),
                sender(event).intern(),
                data.path("certificationId").asText().intern(),
                data.path("program").asInt(-1),
                workflow.isEmpty() ? id : event.path("id").asText(),
                workflow.intern(),
                Offer.content(
                        data.path("expiresOn").asText(data.path("revokedOn").asText()),
                        data.at("/holder/name").asText()));
    }

    private static String sender(JsonNode event) {
        var source = event.path("source").asText();
        return source.substring(source.lastIndexOf('/') + 1);
    }

    boolean isTrigger() {
        return !workflow.isEmpty();
    }
}
