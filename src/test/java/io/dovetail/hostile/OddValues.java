package io.dovetail.hostile;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A value of another kind than is meant, wherever there is one. */
record OddValues(Words words, Numbers numbers) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** JSON by what it is called. Well-formed, all of it. */
    private Map<String, String> values() {
        var values = new TreeMap<String, String>();
        for (var plain : List.of(
                "null",
                "true",
                "false",
                "0",
                "-0",
                "-1",
                "1.50",
                "1e-999",
                "1e999",
                "-1e999",
                "9007199254740993",
                "1773050400120.5",
                "99999999999999999999999999",
                "-62135596800001",
                "\"\"",
                "\" \"",
                "[]",
                "{}",
                "[null]",
                "[[[]]]",
                "[1, \"a\", {}]",
                "[{}, {}, 7]",
                "{\"id\": \"1\", \"name\": {}}",
                "{\"type\": \"text\", \"text\": 5}",
                "{\"content\": {\"content\": [{\"content\": 5}]}}",
                "{\"@class\": \"io.dovetail.hostile.Bait\"}",
                "{\"@type\": \"io.dovetail.hostile.Bait\"}",
                "[\"io.dovetail.hostile.Bait\", {}]",
                "{\"\": \"\"}")) {
            values.put(plain, plain);
        }
        values.put("$ref to a file", "{\"$ref\": \"file://" + words.file() + "\"}");
        values.put("$ref to an address", "{\"$ref\": \"" + words.somewhere() + "\"}");
        values.put("$schema at an address", "{\"$schema\": \"" + words.somewhere() + "\"}");
        values.put("99 digits", "9".repeat(99));
        values.put("99 digits behind the point", "0." + "1".repeat(97));
        values.put("50 lists", "[".repeat(50) + "]".repeat(50));
        values.put("50 objects", "{\"content\":".repeat(50) + "1" + "}".repeat(50));
        values.put("5,000 nulls", "[" + "null,".repeat(5_000) + "null]");
        values.put("5,000 objects", "[" + "{},".repeat(5_000) + "{}]");
        values.put("100,000 characters", "\"" + "x".repeat(100_000) + "\"");
        return values;
    }

    List<Attack> attacks() {
        var all = new ArrayList<Attack>();
        for (var template : Template.all()) {
            if (template.isJson()) {
                for (var place : template.places()) {
                    values().forEach((name, json) -> all.add(attack(template, place, name, json)));
                }
                values().forEach((name, json) -> all.add(whole(template, name, json)));
            }
        }
        return all;
    }

    private Attack attack(Template template, String place, String name, String json) {
        var number = numbers.next();
        // the same odd id again is no new event
        var ends = template.isIdentity(place) ? Ending.TAKEN_AGAIN : Ending.TAKEN;
        return Attack.of("odd value", template.connector() + " " + place + " = " + name, ends, () -> {
            // as text: no parser of ours may round it before it is sent
            var marked =
                    template.withValue(number, place, MAPPER.getNodeFactory().textNode("@odd@"));
            return template.delivery(number, Template.bytes(new String(marked).replace("\"@odd@\"", json)));
        });
    }

    private Attack whole(Template template, String name, String json) {
        var number = numbers.next();
        return Attack.of(
                "odd value",
                template.connector() + " = " + name,
                Ending.TAKEN_AGAIN,
                () -> template.delivery(number, Template.bytes(json)));
    }
}
