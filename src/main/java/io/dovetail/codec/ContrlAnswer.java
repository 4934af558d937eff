package io.dovetail.codec;

import static io.dovetail.codec.EdiLevel.GROUP;
import static io.dovetail.codec.EdiLevel.MESSAGE;
import static io.dovetail.codec.EdiWriter.composite;

import io.dovetail.codec.EdiVerdicts.Complaint;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** CONTRL (of syntax 3 or 4, as what is answered) to an interchange of EDIFACT. */
final class ContrlAnswer {

    private static final String REJECTED = "4";
    private static final String TAKEN = "7";
    private static final String INVALID = "12";
    private static final String MISSING = "13";
    private static final String NO_AGREEMENT = "17";
    private static final String UNSPECIFIED = "18";
    private static final String TOO_MANY = "35";

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyMMdd", Locale.ROOT);
    private static final DateTimeFormatter FULL_DAY = DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmm", Locale.ROOT);

    private final EdiEnvelope interchange;
    private final EdiVerdicts verdicts;
    private final ZonedDateTime at;
    private final EdiWriter out = new EdiWriter();

    ContrlAnswer(EdiEnvelope interchange, EdiVerdicts verdicts, ZonedDateTime at) {
        this.interchange = interchange;
        this.verdicts = verdicts;
        this.at = at;
    }

    /** Empty where there is nothing to answer. */
    String text() {
        if (hasAnswer(interchange)) {
            return "";
        }
        var version = interchange.text("version").isEmpty() ? "3" : interchange.text("version");
        var isFour = version.equals("4");
        var sender = composite(interchange.text("sender"), interchange.text("senderQualifier"));
        var receiver = composite(interchange.text("receiver"), interchange.text("receiverQualifier"));
        out.segment(
                "UNB",
                composite(EdiCharsets.syntax(interchange), version),
                receiver,
                sender,
                composite(at.format(isFour ? FULL_DAY : DAY), at.format(TIME)),
                // as everybody's: so the same delivery always has the same answer, and nobody has to count
                interchange.control(),
                "",
                "",
                "",
                "",
                "",
                interchange.path("test").asBoolean(false) ? "1" : "");
        out.segment("UNH", "1", isFour ? composite("CONTRL", "4", "1", "UN") : composite("CONTRL", "D", "3", "UN"));
        var rejected = verdicts.rejects(interchange)
                || verdicts.refused() && interchange.inside().isEmpty();
        report("UCI", List.of(interchange.control(), sender, receiver), interchange, rejected);
        if (!rejected) {
            interchange.inside(MESSAGE).forEach(this::message);
            interchange.inside(GROUP).forEach(this::group);
        }
        out.segment("UNT", Integer.toString(out.segments()), "1");
        out.segment("UNZ", "1", interchange.control());
        return out.edifact();
    }

    /** An answer is not answered. */
    private static boolean hasAnswer(EdiEnvelope envelope) {
        return envelope.text("type").equals("CONTRL")
                || envelope.inside().stream().anyMatch(ContrlAnswer::hasAnswer);
    }

    private void group(EdiEnvelope group) {
        var rejected = verdicts.rejects(group);
        report(
                "UCF",
                List.of(
                        group.control(),
                        composite(group.text("sender"), group.text("senderQualifier")),
                        composite(group.text("receiver"), group.text("receiverQualifier"))),
                group,
                rejected);
        if (!rejected) {
            group.inside().forEach(this::message);
        }
    }

    private void message(EdiEnvelope message) {
        var header = message.header();
        var who = List.of(
                message.control(),
                composite(
                        header.value("UNH02"),
                        header.value("UNH02-2"),
                        header.value("UNH02-3"),
                        header.value("UNH02-4"),
                        header.value("UNH02-5")));
        var complaint = message.fault() == null ? verdicts.complaint(message) : null;
        if (complaint == null) {
            report("UCM", who, message, verdicts.rejects(message));
        } else if (complaint.rule().equals(Objection.UNSUPPORTED)) {
            // its type is the first component of the second element, and the tag counts as an element
            out.segment("UCM", who.get(0), who.get(1), REJECTED, NO_AGREEMENT, "UNH", composite("3", "1"));
        } else {
            out.segment("UCM", who.get(0), who.get(1), REJECTED);
            complain(complaint);
        }
    }

    private void complain(Complaint complaint) {
        var place = complaint.place();
        var position = Integer.toString(place.position());
        if (place.element() > 0) {
            out.segment("UCS", position);
            out.segment(
                    "UCD",
                    switch (complaint.rule()) {
                        case "required", "dependentRequired" -> MISSING;
                        case "maxLength" -> "39";
                        case "minLength" -> "40";
                        default -> INVALID;
                    },
                    composite(
                            // the tag counts as the first
                            Integer.toString(place.element() + 1),
                            place.component() > 0 ? Integer.toString(place.component()) : ""));
        } else if (!place.name().isEmpty()) {
            // a missing one is named by the one before it
            out.segment("UCS", position, complaint.rule().equals("maxItems") ? TOO_MANY : MISSING);
        } else {
            out.segment("UCS", position, INVALID);
        }
    }

    /** @param who three columns at most */
    private void report(String tag, List<String> who, EdiEnvelope envelope, boolean rejected) {
        var fault = rejected ? envelope.fault() : null;
        var columns = new ArrayList<@Nullable String>(who);
        columns.add(rejected ? REJECTED : TAKEN);
        if (fault != null) {
            columns.add(
                    switch (fault.kind()) {
                        case COUNT -> "29";
                        case CONTROL -> "28";
                        case UNENDED, UNNAMED -> MISSING;
                        case STRUCTURE -> UNSPECIFIED;
                    });
            if (fault.kind() == EdiFault.Kind.UNENDED) {
                columns.add(envelope.standard().frame(envelope.level()).trailer());
            } else if (fault.element() > 0) {
                columns.add(fault.at().tag());
                columns.add(Integer.toString(fault.element() + 1));
            }
        } else if (rejected) {
            columns.add(UNSPECIFIED);
        }
        out.segment(tag, columns.toArray(String[]::new));
    }
}
