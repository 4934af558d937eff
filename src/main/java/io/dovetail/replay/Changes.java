package io.dovetail.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.codec.Pointers;
import java.util.LinkedHashSet;

/**
 * Where an edited event differs from what it was, for whoever is to approve it: {@code places}, each with what it
 * {@code was} and is {@code now} as the beginning of its JSON, and how many there are {@code more}. Elements of lists are
 * compared by their position, so that it takes a walk along both trees and no longer, whatever they hold.
 */
final class Changes {

    static final int MOST = 500;
    static final int LONGEST = 200;

    private final ArrayNode places = JsonNodeFactory.instance.arrayNode();
    private int more;

    private Changes() {}

    static JsonNode between(JsonNode was, JsonNode now) {
        var changes = new Changes();
        changes.find(was, now, "");
        var all = JsonNodeFactory.instance.objectNode();
        all.set("places", changes.places);
        return all.put("more", changes.more);
    }

    private void find(JsonNode was, JsonNode now, String place) {
        if (was.isObject() && now.isObject()) {
            var names = new LinkedHashSet<String>();
            was.fieldNames().forEachRemaining(names::add);
            now.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> find(was.path(name), now.path(name), place + Pointers.segment(name)));
        } else if (was.isArray() && now.isArray()) {
            for (var i = 0; i < Math.max(was.size(), now.size()); i++) {
                find(was.path(i), now.path(i), place + "/" + i);
            }
        } else if (!was.equals(now)) {
            add(was, now, place);
        }
    }

    private void add(JsonNode was, JsonNode now, String place) {
        if (places.size() == MOST) {
            more++;
            return;
        }
        var change = places.addObject().put("place", place.isEmpty() ? "/" : place);
        put(change, "was", was);
        put(change, "now", now);
    }

    private static void put(ObjectNode change, String name, JsonNode value) {
        if (!value.isMissingNode()) {
            var text = value.toString();
            change.put(name, text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text);
        }
    }
}
