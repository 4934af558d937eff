package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** How moments in an event's life read. */
final class Timelines {

    private Timelines() {}

    static String step(JsonNode step) {
        return entry(step.path("at").asText(), words(step));
    }

    /**
     * {@code replayed by admin as version 3c0222cb9119cc9d: mapping repaired}, or {@code approved by bob, as proposed by
     * alice: amount as agreed}.
     */
    static String words(JsonNode step) {
        var actor = step.path("actor").asText("");
        var verb = step.path("step").asText();
        var author = step.path("proposedBy").asText("");
        var as = step.path("version").asText("");
        var to = RepublishCommand.to(step);
        var reason = step.path("reason").asText("");
        return verb
                + (actor.isEmpty() ? "" : " by " + actor)
                + (author.isEmpty() ? "" : ", as proposed by " + author)
                + (as.isEmpty() ? "" : (verb.equals("parked") ? " by version " : " as version ") + as)
                + (to.isEmpty() ? "" : " to " + to)
                + (reason.isEmpty() ? "" : ": " + reason);
    }

    static String entry(String at, String what) {
        return String.format("%-30s %s", at, what);
    }
}
