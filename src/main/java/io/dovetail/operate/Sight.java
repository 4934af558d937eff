package io.dovetail.operate;

import io.dovetail.codec.MalformedException;
import io.dovetail.connector.Configuration;
import io.dovetail.ledger.Timeline.Step;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** What an operator may see of contents: a viewer nothing that contracts mark as sensitive, all others everything. */
record Sight(Operator operator, Configuration configuration) {

    /** Steps whose details tell how it was; those of all others may hold what an edit wrote. */
    private static final Set<String> WITHOUT_CONTENT = Set.of("parked", "asked", "replayed", "republished");

    boolean isWhole() {
        return operator.role() != Role.VIEWER;
    }

    List<Step> of(List<Step> steps) {
        return isWhole()
                ? steps
                : steps.stream()
                        .map(step -> WITHOUT_CONTENT.contains(step.step()) ? step : step.withoutDetail())
                        .toList();
    }

    /**
     * @param part whether it is one business event's own part and not the whole delivery
     */
    String of(String connector, byte[] body, boolean part) {
        if (isWhole()) {
            return new String(body, StandardCharsets.UTF_8);
        }
        var known = configuration.connector(connector);
        if (known == null) {
            return "[not shown: there is no connector any more that says what of it is sensitive]";
        }
        try {
            return new String(known.shown(body, part), StandardCharsets.UTF_8);
        } catch (MalformedException e) {
            return "[not shown: it cannot be read, and may hold what is sensitive]";
        }
    }
}
