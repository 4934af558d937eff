package io.dovetail.connector;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.Pointers;
import java.util.LinkedHashSet;
import java.util.List;

/** Where two trees differ; numbers are compared by value, whatever type holds them. */
final class TreeDifference {

    private TreeDifference() {}

    static void find(JsonNode expected, JsonNode actual, String where, List<String> found) {
        if (expected.isObject() && actual.isObject()) {
            var names = new LinkedHashSet<String>();
            expected.fieldNames().forEachRemaining(names::add);
            actual.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> find(expected.path(name), actual.path(name), where + Pointers.segment(name), found));
        } else if (expected.isArray() && actual.isArray()) {
            for (var i = 0; i < Math.max(expected.size(), actual.size()); i++) {
                find(expected.path(i), actual.path(i), where + "/" + i, found);
            }
        } else if (!same(expected, actual)) {
            found.add(where + " is " + text(actual) + ", expected " + text(expected));
        }
    }

    private static boolean same(JsonNode expected, JsonNode actual) {
        return expected.isNumber() && actual.isNumber()
                ? expected.decimalValue().compareTo(actual.decimalValue()) == 0
                : expected.equals(actual);
    }

    private static String text(JsonNode node) {
        return node.isMissingNode() ? "missing" : node.toString();
    }
}
