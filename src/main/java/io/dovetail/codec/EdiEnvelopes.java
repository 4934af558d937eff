package io.dovetail.codec;

import static io.dovetail.codec.EdiLevel.GROUP;
import static io.dovetail.codec.EdiLevel.INTERCHANGE;
import static io.dovetail.codec.EdiLevel.MESSAGE;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.codec.EdiFault.Kind;
import io.dovetail.codec.EdiMessage.Loop;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Interchanges, groups and messages: each opened and closed in its place, with the counts and numbers it claims. */
final class EdiEnvelopes {

    private static final Loop FLAT = new Loop(Map.of());
    private static final List<EdiLevel> OUTWARDS = List.of(MESSAGE, GROUP, INTERCHANGE);

    private final EdiFates fates;
    private final Map<String, Loop> loops = new HashMap<>();
    private final ArrayNode interchanges;
    private final ArrayNode messages;
    private final List<EdiEnvelope> all = new ArrayList<>();
    private final Map<EdiLevel, EdiEnvelope> open = new EnumMap<>(EdiLevel.class);
    private @Nullable EdiMessage content;
    private boolean isAdvised;

    EdiEnvelopes(EdiRules rules, ObjectNode tree) {
        this.fates = new EdiFates(rules);
        this.interchanges = tree.putArray("interchanges");
        this.messages = tree.putArray("messages");
        rules.loops().forEach((type, paths) -> loops.put(type, Loop.of(paths)));
    }

    /** The interchanges till now, in their order. */
    List<EdiEnvelope> all() {
        return all;
    }

    void take(EdiSegment segment, EdiStandard of) throws MalformedException {
        for (var level : EdiLevel.values()) {
            if (segment.tag().equals(of.frame(level).header())) {
                begin(level, segment, of);
                return;
            }
            if (segment.tag().equals(of.frame(level).trailer())) {
                end(level, segment);
                return;
            }
        }
        if (content != null) {
            content.add(segment);
        } else if (of == EdiStandard.X12 && segment.tag().equals("TA1")) {
            answer(segment);
        } else if (segment.tag().equals("UNA")) {
            isAdvised = true;
        } else if (!segment.tag().equals("ISX")) {
            throw misplaced(
                    segment,
                    "it stands outside of any message; expected "
                            + of.frame(MESSAGE).header() + " before it");
        }
    }

    /**
     * Whether an interchange was still open.
     *
     * @throws MalformedException when it was, and may not
     */
    boolean finish() throws MalformedException {
        var unended = open.get(INTERCHANGE);
        if (unended == null) {
            return false;
        }
        if (fates.tolerates(unended)) {
            abandon(MESSAGE, unended.header());
            abandon(GROUP, unended.header());
        }
        close(INTERCHANGE);
        wrong(
                unended,
                new EdiFault(
                        Kind.UNENDED,
                        unended.header(),
                        0,
                        "the interchange " + unended.control() + " has no "
                                + unended.standard().frame(INTERCHANGE).trailer()
                                + ": it was cut off, or never finished"));
        return true;
    }

    private void begin(EdiLevel level, EdiSegment header, EdiStandard of) throws MalformedException {
        if (level == INTERCHANGE) {
            finish();
            checkReleases(header, of);
        }
        abandonFrom(level, header);
        if (level == MESSAGE && of == EdiStandard.X12 && !open.containsKey(GROUP)) {
            throw misplaced(header, "it stands outside of any group; expected GS before it");
        }
        var element = of.frame(level).control();
        var control = header.value(element);
        if (control == null) {
            throw EdiFates.refusal(
                    open.get(INTERCHANGE),
                    new EdiFault(Kind.UNNAMED, header, 0, element + " is empty: there is no control number"));
        }
        var envelope = new EdiEnvelope(of, level, header, control);
        envelope.put("control", control);
        switch (level) {
            case INTERCHANGE -> {
                envelope.put("standard", of.name());
                of.interchange(header, envelope);
                interchanges.add(envelope);
                all.add(envelope);
            }
            case GROUP -> of.group(header, envelope);
            case MESSAGE -> {
                enclose(envelope);
                of.message(header, open.get(GROUP), envelope);
                content = new EdiMessage(envelope, loops.getOrDefault(envelope.text("type"), FLAT));
            }
        }
        if (level != INTERCHANGE) {
            parent(level).inside().add(envelope);
        }
        open.put(level, envelope);
    }

    /** Without UNA before it, the tokenizer knows of no release character yet: what is released would be cut elsewhere. */
    private void checkReleases(EdiSegment header, EdiStandard of) throws MalformedException {
        if (of == EdiStandard.EDIFACT && !isAdvised && header.toString().indexOf('?') >= 0) {
            throw header.fault("it has a release character (?), which is read only with UNA before it");
        }
        isAdvised = false;
    }

    /** An answer to an interchange has no message around it. It is one all the same. */
    private void answer(EdiSegment segment) {
        var control = segment.value("TA101");
        var node = new EdiEnvelope(EdiStandard.X12, MESSAGE, segment, control == null ? "0" : control);
        enclose(node);
        node.put("control", node.control()).put("type", segment.tag());
        node.putArray(segment.tag()).add(segment);
        parent(GROUP).inside().add(node);
    }

    private void enclose(EdiEnvelope message) {
        message.set("interchange", open.get(INTERCHANGE));
        if (open.containsKey(GROUP)) {
            message.set("group", open.get(GROUP));
        }
        messages.add(message);
    }

    private void end(EdiLevel level, EdiSegment trailer) throws MalformedException {
        for (var inner : OUTWARDS.subList(0, OUTWARDS.indexOf(level))) {
            abandon(inner, trailer);
        }
        var ended = open.get(level);
        if (ended == null) {
            throw misplaced(
                    trailer, "it ends " + (level == INTERCHANGE ? "an " : "a ") + level.noun + " that has not begun");
        }
        ended.end(trailer);
        var segments = 0;
        if (level == MESSAGE && content != null) {
            content.add(trailer);
            segments = content.segments();
        }
        close(level);
        var fault = EdiClaims.fault(ended, trailer, segments);
        if (fault != null) {
            wrong(ended, fault);
        }
    }

    /** All of this level and further in that were never ended. */
    private void abandonFrom(EdiLevel level, EdiSegment at) throws MalformedException {
        for (var inner : OUTWARDS.subList(0, OUTWARDS.indexOf(level) + 1)) {
            abandon(inner, at);
        }
    }

    private void abandon(EdiLevel level, EdiSegment at) throws MalformedException {
        var unended = open.get(level);
        if (unended != null) {
            close(level);
            wrong(
                    unended,
                    new EdiFault(
                            Kind.UNENDED,
                            at,
                            0,
                            "the " + level.noun + " " + unended.control() + ", begun at "
                                    + unended.header().place() + ", has no "
                                    + unended.standard().frame(level).trailer()));
        }
    }

    private void close(EdiLevel level) {
        open.remove(level);
        if (level == MESSAGE) {
            content = null;
        }
    }

    private EdiEnvelope parent(EdiLevel level) {
        var group = level == MESSAGE ? open.get(GROUP) : null;
        var parent = group == null ? open.get(INTERCHANGE) : group;
        if (parent == null) {
            throw new IllegalStateException("the tokenizer gives nothing outside of an interchange");
        }
        return parent;
    }

    private void wrong(EdiEnvelope envelope, EdiFault fault) throws MalformedException {
        fates.befall(envelope.level() == INTERCHANGE ? envelope : parent(GROUP), envelope, fault);
    }

    private MalformedException misplaced(EdiSegment segment, String what) {
        return EdiFates.refusal(open.get(INTERCHANGE), new EdiFault(Kind.STRUCTURE, segment, 0, what));
    }
}
