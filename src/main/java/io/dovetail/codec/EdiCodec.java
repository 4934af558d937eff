package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.IdentityHashMap;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Interchanges of X12 and UN/EDIFACT, as a tree: {@code {"interchanges": […], "messages": […]}}. Each message (transaction
 * set) has its {@code interchange} and {@code group}, its {@code type}, {@code version} and {@code control}, and its
 * segments by their tags, always lists; loops are nested where the rules name them. All values are text. Delimiters, the
 * release character and the charset are as the interchange says. Counts and control numbers of all envelopes must be
 * right. At most 200,000 segments and 500,000 elements.
 */
public final class EdiCodec implements Codec {

    private final EdiRules rules;

    public EdiCodec(EdiRules rules) {
        this.rules = rules;
    }

    @Override
    public JsonNode read(byte[] raw) throws MalformedException {
        return new EdiReading(EdiText.of(raw, rules.charset()), rules, segment -> {}).tree();
    }

    /** What a person has typed is characters already, whatever charset it says it is in. */
    @Override
    public JsonNode read(String text) throws MalformedException {
        return new EdiReading(EdiText.of(text), rules, segment -> {}).tree();
    }

    @Override
    public OptionalInt line(byte[] raw, String pointer) {
        var segment = segment(raw, pointer);
        return segment == null ? OptionalInt.empty() : OptionalInt.of((int) segment.line());
    }

    @Override
    public String place(byte[] raw, String pointer) {
        var segment = segment(raw, pointer);
        return segment == null ? "" : segment.place();
    }

    private @Nullable EdiSegment segment(byte[] raw, String pointer) {
        var places = new IdentityHashMap<JsonNode, EdiSegment>();
        JsonNode node;
        try {
            node = new EdiReading(
                            EdiText.of(raw, rules.charset()), rules, segment -> places.put(segment.node(), segment))
                    .tree();
        } catch (MalformedException e) {
            return null;
        }
        EdiSegment found = null;
        for (var name : Pointers.segments(pointer)) {
            node = node.isArray() ? node.path(index(name)) : node.path(name);
            found = places.getOrDefault(node, found);
        }
        return found == null ? header(node, places) : found;
    }

    /** Of a message as a whole. */
    private static @Nullable EdiSegment header(JsonNode message, IdentityHashMap<JsonNode, EdiSegment> places) {
        for (var name : new String[] {"ST", "UNH", "TA1"}) {
            if (message.path(name).path(0).isObject()) {
                return places.get(message.path(name).path(0));
            }
        }
        return null;
    }

    private static int index(String name) {
        try {
            return Integer.parseInt(name);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public @Nullable Objection objection(JsonNode part) {
        var fault = part.path("fault");
        if (fault.isTextual()) {
            return new Objection("", "envelope", fault.textValue(), false);
        }
        if (part.path("interchange").path("test").asBoolean(false)) {
            var control = part.path("interchange").path("control").asText();
            return new Objection(
                    "/interchange/test",
                    "test indicator",
                    "The interchange " + control + " says that it is a test (ISA15, UNB11): it is never taken for"
                            + " production.",
                    rules.tests() == EdiRules.Tests.IGNORE);
        }
        return null;
    }
}
