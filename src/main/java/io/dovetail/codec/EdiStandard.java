package io.dovetail.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * The two standards: what their envelopes are called, and what their headers say. All six trailers have the count first
 * and the control number second.
 */
enum EdiStandard {
    X12(
            "application/edi-x12",
            new Frame("ISA", "IEA", "ISA13"),
            new Frame("GS", "GE", "GS06"),
            new Frame("ST", "SE", "ST02")) {
        @Override
        void interchange(EdiSegment isa, ObjectNode to) {
            put(to, "version", isa.value("ISA12"));
            parties(to, isa, "ISA06", "ISA05", "ISA08", "ISA07");
            put(to, "date", isa.value("ISA09"));
            put(to, "time", isa.value("ISA10"));
            to.put("acknowledge", "1".equals(isa.value("ISA14")));
            // "I" is information: whatever is not production is none
            to.put("test", !"P".equals(isa.value("ISA15")));
        }

        @Override
        void group(EdiSegment gs, ObjectNode to) {
            put(to, "type", gs.value("GS01"));
            parties(to, gs, "GS02", null, "GS03", null);
            put(to, "date", gs.value("GS04"));
            put(to, "time", gs.value("GS05"));
            put(to, "version", gs.value("GS08"));
        }

        @Override
        void message(EdiSegment st, @Nullable ObjectNode group, ObjectNode to) {
            put(to, "type", st.value("ST01"));
            var own = st.value("ST03");
            put(
                    to,
                    "version",
                    own != null || group == null ? own : group.path("version").textValue());
        }
    },

    EDIFACT(
            "application/edifact",
            new Frame("UNB", "UNZ", "UNB05"),
            new Frame("UNG", "UNE", "UNG05"),
            new Frame("UNH", "UNT", "UNH01")) {
        @Override
        void interchange(EdiSegment unb, ObjectNode to) {
            put(to, "syntax", unb.value("UNB01"));
            put(to, "version", unb.value("UNB01-2"));
            parties(to, unb, "UNB02", "UNB02-2", "UNB03", "UNB03-2");
            put(to, "date", unb.value("UNB04"));
            put(to, "time", unb.value("UNB04-2"));
            put(to, "application", unb.value("UNB07"));
            to.put("acknowledge", "1".equals(unb.value("UNB09")));
            var test = unb.value("UNB11");
            to.put("test", test != null && !test.equals("0"));
        }

        @Override
        void group(EdiSegment ung, ObjectNode to) {
            put(to, "type", ung.value("UNG01"));
            parties(to, ung, "UNG02", "UNG02-2", "UNG03", "UNG03-2");
            put(to, "date", ung.value("UNG04"));
            put(to, "time", ung.value("UNG04-2"));
        }

        @Override
        void message(EdiSegment unh, @Nullable ObjectNode group, ObjectNode to) {
            put(to, "type", unh.value("UNH02"));
            var version = unh.value("UNH02-2");
            var release = unh.value("UNH02-3");
            put(to, "version", version == null || release == null ? version : version + "." + release);
            put(to, "agency", unh.value("UNH02-4"));
            put(to, "association", unh.value("UNH02-5"));
        }
    };

    /**
     * What an envelope begins and ends with.
     *
     * @param control the element of the header with its number
     */
    record Frame(String header, String trailer, String control) {}

    /** As RFC 1767 has it. */
    final String media;

    private final Frame interchange;
    private final Frame group;
    private final Frame message;

    EdiStandard(String media, Frame interchange, Frame group, Frame message) {
        this.media = media;
        this.interchange = interchange;
        this.group = group;
        this.message = message;
    }

    Frame frame(EdiLevel level) {
        return switch (level) {
            case INTERCHANGE -> interchange;
            case GROUP -> group;
            case MESSAGE -> message;
        };
    }

    abstract void interchange(EdiSegment header, ObjectNode to);

    abstract void group(EdiSegment header, ObjectNode to);

    abstract void message(EdiSegment header, @Nullable ObjectNode group, ObjectNode to);

    private static void parties(
            ObjectNode to,
            EdiSegment header,
            String sender,
            @Nullable String senderQualifier,
            String receiver,
            @Nullable String receiverQualifier) {
        put(to, "sender", header.value(sender));
        put(to, "senderQualifier", senderQualifier == null ? null : header.value(senderQualifier));
        put(to, "receiver", header.value(receiver));
        put(to, "receiverQualifier", receiverQualifier == null ? null : header.value(receiverQualifier));
    }

    private static void put(ObjectNode to, String name, @Nullable String value) {
        if (value != null) {
            to.put(name, value);
        }
    }
}
