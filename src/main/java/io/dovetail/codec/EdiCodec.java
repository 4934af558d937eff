package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
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
    public long treeSize(byte[] raw) {
        return TreeSize.EDI.of(raw);
    }

    @Override
    public JsonNode read(byte[] raw) throws MalformedException {
        return new EdiReading(EdiText.of(raw, rules), rules).tree();
    }

    /** What a person has typed is characters already, whatever charset it says it is in. */
    @Override
    public JsonNode read(String text) throws MalformedException {
        return new EdiReading(EdiText.of(text), rules).tree();
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
        try {
            return EdiPlace.of(read(raw), pointer).segment();
        } catch (MalformedException e) {
            return null;
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
                    rules.fate(part.path("interchange").path("sender").asText()).tests() == EdiRules.Tests.IGNORE);
        }
        return null;
    }

    /** TA1 and 997, or CONTRL; null where the connector wants none. */
    @Override
    public @Nullable Acknowledgement acknowledge(JsonNode tree, Supplier<List<Objection>> objections, Instant at) {
        var interchanges = tree.path("interchanges")
                .valueStream()
                .map(EdiEnvelope.class::cast)
                .toList();
        return rules.acknowledged()
                ? EdiAnswer.of(interchanges, new EdiVerdicts(tree, objections.get(), false), rules, at)
                : null;
    }

    /** It is read once more, as far as it goes. Null where not even its beginning can be. */
    @Override
    public @Nullable Acknowledgement refuse(byte[] raw, Instant at) {
        if (!rules.acknowledged()) {
            return null;
        }
        try {
            var reading = new EdiReading(EdiText.of(raw, rules), rules.thorough());
            var interchanges = reading.asFarAsItGoes();
            return interchanges.isEmpty()
                    ? null
                    : EdiAnswer.of(
                            interchanges, new EdiVerdicts(MissingNode.getInstance(), List.of(), true), rules, at);
        } catch (MalformedException e) {
            return null;
        }
    }
}
