package io.dovetail.codec;

import static io.dovetail.codec.EdiLevel.GROUP;
import static io.dovetail.codec.EdiLevel.MESSAGE;

import io.dovetail.codec.EdiVerdicts.Complaint;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** TA1 and 997 (in the form of 004010, which later versions read) to an interchange of X12. */
final class X12Answer {

    /** An answer is not answered. 999 is the 997 of later versions. */
    private static final Set<String> ANSWERS = Set.of("TA1", "997", "999");

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyMMdd", Locale.ROOT);
    private static final DateTimeFormatter FULL_DAY = DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmm", Locale.ROOT);

    private final EdiEnvelope interchange;
    private final EdiVerdicts verdicts;
    private final ZonedDateTime at;
    private final EdiWriter out = new EdiWriter();

    X12Answer(EdiEnvelope interchange, EdiVerdicts verdicts, ZonedDateTime at) {
        this.interchange = interchange;
        this.verdicts = verdicts;
        this.at = at;
    }

    /** Empty where there is nothing to answer. */
    String text() {
        if (interchange.inside(MESSAGE).stream().anyMatch(X12Answer::isAnswer)) {
            return "";
        }
        var groups = verdicts.rejects(interchange)
                ? List.<EdiEnvelope>of()
                : interchange.inside(GROUP).stream()
                        .filter(group -> group.inside().stream().noneMatch(X12Answer::isAnswer))
                        .toList();
        var rejected = verdicts.rejects(interchange) || verdicts.refused() && groups.isEmpty();
        var isTold = rejected
                || verdicts.notes(interchange)
                || interchange.path("acknowledge").asBoolean(false);
        if (!isTold && groups.isEmpty()) {
            return "";
        }
        header();
        if (isTold) {
            out.segment(
                    "TA1",
                    interchange.control(),
                    interchange.text("date"),
                    interchange.text("time"),
                    rejected ? "R" : verdicts.notes(interchange) ? "E" : "A",
                    X12Codes.interchange(interchange.fault(), rejected));
        }
        groups.forEach(this::group);
        out.segment("IEA", Integer.toString(groups.size()), number());
        return out.x12();
    }

    private static boolean isAnswer(EdiEnvelope message) {
        return ANSWERS.contains(message.text("type"));
    }

    private void header() {
        var version = interchange.text("version").isEmpty() ? "00401" : interchange.text("version");
        out.segment(
                "ISA",
                "00",
                wide("", 10),
                "00",
                wide("", 10),
                wide(interchange.text("receiverQualifier"), 2),
                wide(interchange.text("receiver"), 15),
                wide(interchange.text("senderQualifier"), 2),
                wide(interchange.text("sender"), 15),
                at.format(DAY),
                at.format(TIME),
                version.compareTo("00402") < 0 ? "U" : "^",
                wide(version, 5),
                number(),
                "0",
                interchange.path("test").asBoolean(false) ? "T" : "P",
                EdiWriter.COMPONENTS);
    }

    /** An ISA is as wide as any other. */
    private static String wide(String value, int width) {
        return (value + " ".repeat(width)).substring(0, width);
    }

    /** That of what is answered: so the same delivery always has the same answer, and nobody has to count. */
    private String number() {
        var digits = "0".repeat(9) + interchange.control().replaceAll("[^0-9]", "");
        return digits.substring(digits.length() - 9);
    }

    private void group(EdiEnvelope group) {
        var messages = group.inside();
        var rejected = messages.stream().filter(verdicts::rejects).count();
        out.segment(
                "GS",
                "FA",
                group.text("receiver"),
                group.text("sender"),
                at.format(FULL_DAY),
                at.format(TIME),
                group.control(),
                "X",
                group.text("version").isEmpty() ? "004010" : group.text("version"));
        var before = out.segments();
        out.segment("ST", "997", "0001");
        out.segment("AK1", group.text("type"), group.control());
        messages.forEach(this::message);
        var trailer = group.trailer();
        out.segment(
                "AK9",
                verdict(group, rejected),
                trailer == null ? "0" : trailer.value("GE01"),
                Integer.toString(messages.size()),
                Long.toString(messages.size() - rejected),
                X12Codes.group(group.fault()));
        out.segment("SE", Integer.toString(out.segments() - before + 1), "0001");
        out.segment("GE", "1", group.control());
    }

    private String verdict(EdiEnvelope group, long rejected) {
        if (verdicts.rejects(group)
                || rejected > 0 && rejected == group.inside().size()) {
            return "R";
        }
        if (rejected > 0) {
            return "P";
        }
        return verdicts.notes(group) || group.inside().stream().anyMatch(verdicts::notes) ? "E" : "A";
    }

    private void message(EdiEnvelope message) {
        out.segment("AK2", message.text("type"), message.control());
        var complaint = verdicts.complaint(message);
        var fault = X12Codes.set(message.fault());
        if (complaint != null && fault.isEmpty()) {
            fault = complain(complaint);
        }
        out.segment("AK5", verdicts.rejects(message) ? "R" : verdicts.notes(message) ? "E" : "A", fault);
    }

    /** Gives the code for the whole set. */
    private String complain(Complaint complaint) {
        if (complaint.rule().equals(Objection.UNSUPPORTED)) {
            return "1";
        }
        var place = complaint.place();
        var segment = place.segment();
        if (segment == null) {
            return "5";
        }
        var position = Integer.toString(place.position());
        if (place.element() > 0) {
            out.segment("AK3", segment.tag(), position, "", "8");
            out.segment(
                    "AK4",
                    EdiWriter.composite(
                            Integer.toString(place.element()),
                            place.component() > 1 ? Integer.toString(place.component()) : ""),
                    "",
                    X12Codes.element(complaint.rule()));
        } else if (!place.name().isEmpty()) {
            out.segment("AK3", place.name(), position, "", complaint.rule().equals("maxItems") ? "5" : "3");
        } else {
            out.segment("AK3", segment.tag(), position, "", "8");
        }
        return "5";
    }
}
