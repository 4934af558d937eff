package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** What a hub found when it recomputed its books, as a person reads it. */
final class VerifiedBooks {

    private final Page page;

    VerifiedBooks(Page page) {
        this.page = page;
    }

    void print(JsonNode verified) {
        page.line(String.format(
                Locale.ROOT,
                "Recomputed from %,d deliveries and %,d events, as of %s, in %.1f s",
                verified.path("deliveries").asLong(),
                verified.path("events").asLong(),
                verified.path("at").asText(),
                verified.path("millis").asLong() / 1000.0));
        verified.path("rows").forEach(this::finding);
        verified.path("counters").forEach(this::miscount);
        if (verified.path("agrees").asBoolean()) {
            page.line(page.good("Nothing differs."));
        }
    }

    private void finding(JsonNode finding) {
        page.line(page.bold(finding.path("connector").asText("connector unknown")) + "  "
                + page.bad(finding.path("count").asLong() + " "
                        + finding.path("check").asText()));
        page.line("  " + finding.path("says").asText());
        ids(finding.path("ids"), finding.path("count").asLong());
    }

    private void miscount(JsonNode miscount) {
        page.line(page.bold(miscount.path("connector").asText()) + "  "
                + page.bad(miscount.path("counter").asText() + " counted "
                        + miscount.path("counted").asLong() + ", the rows say "
                        + miscount.path("found").asLong()));
        if (miscount.path("explained").asBoolean()) {
            page.line("  what is wrong with the rows above is enough to explain it");
        } else if (miscount.path("minutes").isEmpty()) {
            page.line("  no minute differs: the rows have lost when they were counted");
        }
        for (var minute : miscount.path("minutes")) {
            var candidates = minute.path("candidates");
            page.line("  " + minute.path("minute").asText("without a time") + "  counted "
                    + minute.path("counted").asLong() + ", the rows say "
                    + minute.path("found").asLong()
                    + (candidates.isEmpty() ? "" : "; candidates, which are all the rows of this minute:"));
            ids(candidates, candidates.isEmpty() ? 0 : minute.path("rows").asLong());
        }
        more(
                miscount.path("differingMinutes").asLong()
                        - miscount.path("minutes").size(),
                "minutes");
    }

    private void ids(JsonNode ids, long count) {
        for (var id : ids) {
            page.line("    " + (part(id, "delivery") + part(id, "event") + part(id, "seq")).strip());
        }
        more(count - ids.size(), "ids");
    }

    private static String part(JsonNode id, String name) {
        return id.hasNonNull(name) ? name + " " + id.path(name).asText() + "  " : "";
    }

    private void more(long number, String what) {
        if (number > 0) {
            page.line("    and " + number + " more " + what);
        }
    }
}
