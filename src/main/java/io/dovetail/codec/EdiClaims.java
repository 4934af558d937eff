package io.dovetail.codec;

import static io.dovetail.codec.EdiLevel.GROUP;
import static io.dovetail.codec.EdiLevel.INTERCHANGE;
import static io.dovetail.codec.EdiLevel.MESSAGE;

import io.dovetail.codec.EdiFault.Kind;
import org.jspecify.annotations.Nullable;

/** What a trailer claims of its envelope: all six of them have the count first and the control number second. */
final class EdiClaims {

    private EdiClaims() {}

    /**
     * What is wrong with them; null: nothing.
     *
     * @param segments of a message, header and trailer too
     */
    static @Nullable EdiFault fault(EdiEnvelope ended, EdiSegment trailer, int segments) {
        var tag = trailer.tag();
        var claimed = String.valueOf(trailer.value(tag + "01"));
        var groups = ended.level() == INTERCHANGE && hasGroups(ended);
        var count = ended.level() == MESSAGE
                ? segments
                : ended.inside(groups ? GROUP : MESSAGE).size();
        if (!same(claimed, Integer.toString(count)) && !isAnswerOnly(ended, claimed)) {
            var what = ended.level() == MESSAGE ? "segments" : groups ? "groups" : "messages";
            return new EdiFault(
                    Kind.COUNT,
                    trailer,
                    1,
                    tag + "01 counts " + JsonFault.shown(claimed) + " " + what + ", but there are " + count);
        }
        var number = String.valueOf(trailer.value(tag + "02"));
        if (!same(number, ended.control())) {
            return new EdiFault(
                    Kind.CONTROL,
                    trailer,
                    2,
                    tag + "02 is " + JsonFault.shown(number) + ", but "
                            + ended.standard().frame(ended.level()).control() + " is "
                            + JsonFault.shown(ended.control()) + ": they must be the same");
        }
        return null;
    }

    private static boolean hasGroups(EdiEnvelope interchange) {
        return interchange.standard() == EdiStandard.X12
                || !interchange.inside(GROUP).isEmpty();
    }

    /** Some count an answer without a group (TA1) as one. */
    private static boolean isAnswerOnly(EdiEnvelope interchange, String claimed) {
        return interchange.level() == INTERCHANGE
                && interchange.standard() == EdiStandard.X12
                && !interchange.inside().isEmpty()
                && interchange.inside(GROUP).isEmpty()
                && same(claimed, "1");
    }

    private static boolean same(String one, String other) {
        return withoutZeros(one).equals(withoutZeros(other));
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
