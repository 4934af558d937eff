package io.dovetail.codec;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One interchange, group or message as an object. As long as it stands in the tree it was read into, it knows what is in
 * it, and what is wrong with it.
 */
final class EdiEnvelope extends ObjectNode {

    /** The field that says why a message is not taken. */
    static final String FAULT = "fault";

    /** The field that says what is wrong with a message that is taken. */
    static final String NOTED = "noted";

    private final EdiStandard standard;
    private final EdiLevel level;
    private final EdiSegment header;
    private final String control;
    private final List<EdiEnvelope> inside = new ArrayList<>();
    private @Nullable EdiSegment trailer;
    private @Nullable EdiFault fault;
    private boolean tolerated;

    EdiEnvelope(EdiStandard standard, EdiLevel level, EdiSegment header, String control) {
        super(JsonNodeFactory.instance);
        this.standard = standard;
        this.level = level;
        this.header = header;
        this.control = control;
    }

    EdiStandard standard() {
        return standard;
    }

    EdiLevel level() {
        return level;
    }

    EdiSegment header() {
        return header;
    }

    String control() {
        return control;
    }

    /** Those directly in it, in their order. */
    List<EdiEnvelope> inside() {
        return inside;
    }

    List<EdiEnvelope> inside(EdiLevel level) {
        return inside.stream().filter(envelope -> envelope.level == level).toList();
    }

    /** Null when it was never ended. */
    @Nullable
    EdiSegment trailer() {
        return trailer;
    }

    void end(EdiSegment with) {
        trailer = with;
    }

    @Nullable
    EdiFault fault() {
        return fault;
    }

    /** Whether it is taken whatever its fault is. */
    boolean isTolerated() {
        return tolerated;
    }

    /** Only the first fault is kept: mostly it is the cause of the others. */
    void broken(EdiFault first) {
        fault = fault == null ? first : fault;
    }

    void tolerated(EdiFault first) {
        broken(first);
        tolerated = true;
    }

    /** Says in the tree why a message is not taken: its own fault, or that of its group. */
    void refuse(EdiFault why) {
        if (!has(FAULT)) {
            put(FAULT, why.sentence());
        }
    }

    /** Says it in the tree of one that is taken; not where, which changes with the lines. */
    void note(EdiFault what) {
        if (!has(NOTED)) {
            put(NOTED, what.what());
        }
    }

    String text(String name) {
        return path(name).asText("");
    }
}
