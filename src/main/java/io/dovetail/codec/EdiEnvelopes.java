package io.dovetail.codec;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dovetail.codec.EdiMessage.Loop;
import io.dovetail.codec.EdiRules.Broken;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Interchanges, groups and messages: each opened and closed in its place, with the counts and numbers it claims. */
final class EdiEnvelopes {

    private record Open(ObjectNode node, String control, EdiSegment header, int[] inside) {

        Open(ObjectNode node, String control, EdiSegment header) {
            this(node, control, header, new int[1]);
        }

        int count() {
            return inside[0];
        }
    }

    private static final Loop FLAT = new Loop(Map.of());

    private final EdiRules rules;
    private final Map<String, Loop> loops = new HashMap<>();
    private final ArrayNode interchanges;
    private final ArrayNode messages;
    private EdiStandard standard = EdiStandard.X12;
    private @Nullable Open interchange;
    private @Nullable Open group;
    private @Nullable EdiMessage message;
    private int groups;
    private boolean hasAnswer;

    EdiEnvelopes(EdiRules rules, ObjectNode tree) {
        this.rules = rules;
        this.interchanges = tree.putArray("interchanges");
        this.messages = tree.putArray("messages");
        rules.loops().forEach((type, paths) -> loops.put(type, Loop.of(paths)));
    }

    void take(EdiSegment segment, EdiStandard of) throws MalformedException {
        var tag = segment.tag();
        if (tag.equals(of.interchangeHeader)) {
            beginInterchange(segment, of);
        } else if (tag.equals(of.groupHeader)) {
            beginGroup(segment);
        } else if (tag.equals(of.messageHeader)) {
            beginMessage(segment);
        } else if (tag.equals(of.messageTrailer)) {
            endMessage(segment);
        } else if (tag.equals(of.groupTrailer)) {
            endGroup(segment);
        } else if (tag.equals(of.interchangeTrailer)) {
            endInterchange(segment);
        } else if (message != null) {
            message.add(segment);
        } else if (tag.equals("TA1") && of == EdiStandard.X12) {
            acknowledgement(segment);
        } else if (!tag.equals("UNA") && !tag.equals("ISX")) {
            throw segment.fault("it stands outside of any message; expected " + of.messageHeader + " before it");
        }
    }

    /** @throws MalformedException when an interchange is still open */
    void finish() throws MalformedException {
        if (interchange != null) {
            throw interchange.header.fault("the interchange " + interchange.control + " has no "
                    + standard.interchangeTrailer + ": it was cut off, or never finished");
        }
    }

    private void beginInterchange(EdiSegment header, EdiStandard of) throws MalformedException {
        finish();
        standard = of;
        groups = 0;
        hasAnswer = false;
        var node = interchanges.addObject();
        node.put("standard", of.name());
        interchange = new Open(node, control(header, of.interchangeControl, node), header);
        of.interchange(header, node);
    }

    private void beginGroup(EdiSegment header) throws MalformedException {
        outsideOfMessages(header);
        if (group != null) {
            throw header.fault("the group " + group.control + " before it has no " + standard.groupTrailer);
        }
        groups++;
        var node = JsonNodeFactory.instance.objectNode();
        group = new Open(node, control(header, standard.groupControl, node), header);
        standard.group(header, node);
    }

    private void beginMessage(EdiSegment header) throws MalformedException {
        outsideOfMessages(header);
        if (group == null && standard == EdiStandard.X12) {
            throw header.fault("it stands outside of any group; expected GS before it");
        }
        var node = message();
        var control = control(header, standard.messageControl, node);
        standard.message(header, group == null ? null : group.node, node);
        message = new EdiMessage(
                node, control, header, loops.getOrDefault(node.path("type").asText(), FLAT));
        message.add(header);
    }

    private ObjectNode message() {
        var node = messages.addObject();
        node.set("interchange", Objects.requireNonNull(interchange).node);
        interchange.inside[0]++;
        if (group != null) {
            node.set("group", group.node);
            group.inside[0]++;
        }
        return node;
    }

    /** An answer to an interchange has no message around it. It is one all the same. */
    private void acknowledgement(EdiSegment segment) {
        hasAnswer = true;
        var node = messages.addObject();
        node.set("interchange", Objects.requireNonNull(interchange).node);
        node.put("control", segment.value("TA101") == null ? "0" : segment.value("TA101"));
        node.put("type", "TA1");
        node.putArray("TA1").add(segment.node());
    }

    private void endMessage(EdiSegment trailer) throws MalformedException {
        var ended = message;
        if (ended == null) {
            throw trailer.fault("it ends a message that has not begun");
        }
        message = null;
        ended.add(trailer);
        var fault = claims(trailer, ended.segments(), "segments", ended.control(), standard.messageControl);
        if (fault != null) {
            broken(ended, trailer, fault);
        }
    }

    private void broken(EdiMessage broken, EdiSegment at, String fault) throws MalformedException {
        if (rules.broken() == Broken.INTERCHANGE) {
            throw at.fault(fault);
        }
        broken.broken("At " + at.place() + ": " + fault + ".");
    }

    private void endGroup(EdiSegment trailer) throws MalformedException {
        outsideOfMessages(trailer);
        var ended = group;
        if (ended == null) {
            throw trailer.fault("it ends a group that has not begun");
        }
        group = null;
        agree(trailer, ended.count(), "messages", ended.control, standard.groupControl);
    }

    private void endInterchange(EdiSegment trailer) throws MalformedException {
        outsideOfMessages(trailer);
        if (group != null) {
            throw trailer.fault("the group " + group.control + " has no " + standard.groupTrailer);
        }
        var ended = Objects.requireNonNull(interchange);
        interchange = null;
        if (groups == 0 && hasAnswer) {
            // some count an answer without a group as one
            agree(
                    trailer,
                    "1".equals(trailer.value("IEA01")) ? 1 : 0,
                    "groups",
                    ended.control,
                    standard.interchangeControl);
        } else if (standard == EdiStandard.X12 || groups > 0) {
            agree(trailer, groups, "groups", ended.control, standard.interchangeControl);
        } else {
            agree(trailer, ended.count(), "messages", ended.control, standard.interchangeControl);
        }
    }

    /** Also where a message before it was never ended. */
    private void outsideOfMessages(EdiSegment segment) throws MalformedException {
        var unended = message;
        if (unended != null) {
            message = null;
            broken(
                    unended,
                    segment,
                    "the message " + unended.control() + ", begun at "
                            + unended.header().place() + ", has no " + standard.messageTrailer);
        }
    }

    private void agree(EdiSegment trailer, int count, String what, String control, String of)
            throws MalformedException {
        var fault = claims(trailer, count, what, control, of);
        if (fault != null) {
            throw trailer.fault(fault);
        }
    }

    /** What is wrong with the count and the number that a trailer claims; null: nothing. */
    private static @Nullable String claims(EdiSegment trailer, int count, String what, String control, String of) {
        var claimed = String.valueOf(trailer.value(trailer.tag() + "01"));
        if (!withoutZeros(claimed).equals(withoutZeros(Integer.toString(count)))) {
            return trailer.tag() + "01 counts " + JsonFault.shown(claimed) + " " + what + ", but there are " + count;
        }
        var number = String.valueOf(trailer.value(trailer.tag() + "02"));
        if (!withoutZeros(number).equals(withoutZeros(control))) {
            return trailer.tag() + "02 is " + JsonFault.shown(number) + ", but " + of + " is "
                    + JsonFault.shown(control) + ": they must be the same";
        }
        return null;
    }

    private static String control(EdiSegment header, String name, ObjectNode to) throws MalformedException {
        var control = header.value(name);
        if (control == null) {
            throw header.fault(name + " is empty: there is no control number");
        }
        to.put("control", control);
        return control;
    }

    /** Systems add leading zeros to numbers, and drop them. */
    private static String withoutZeros(String text) {
        if (!text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return text;
        }
        var first = 0;
        while (first < text.length() - 1 && text.charAt(first) == '0') {
            first++;
        }
        return text.substring(first);
    }
}
