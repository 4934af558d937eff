package io.dovetail.trigger.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dovetail.event.Event;

/** An event as policies read it: {@code {id, connector, sender, type, subject, time, key, data}}. */
final class EventTree {

    private EventTree() {}

    static JsonNode of(Event event) {
        var tree = JsonNodeFactory.instance.objectNode();
        tree.put("id", event.id().toString());
        tree.put("connector", event.connector());
        tree.put("sender", event.sender());
        tree.put("type", event.type());
        if (event.subject() != null) {
            tree.put("subject", event.subject());
        }
        tree.put("time", event.time().toString());
        if (event.key() != null) {
            tree.put("key", event.key());
        }
        tree.set("data", event.data());
        return tree;
    }
}
