package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** What a dry run has found, the most frequent difference first. */
final class DryRunReport {

    private static final int WIDTH = 160;

    private final Page page;

    DryRunReport(Page page) {
        this.page = page;
    }

    void print(JsonNode report) {
        page.line("Looked at %d events%s. Nothing was written."
                .formatted(
                        report.path("tried").asLong(),
                        report.path("complete").asBoolean() ? ", which are all" : "; there are more (--limit)"));
        for (var group : report.path("groups")) {
            page.line("%8d  %s"
                    .formatted(
                            group.path("count").asLong(),
                            group.path("difference").asText()));
            group.path("samples")
                    .forEach(sample -> print(group.path("difference").asText(), sample));
        }
    }

    private void print(String difference, JsonNode sample) {
        page.line("            " + sample.path("id").asText());
        var now = sample.path("now");
        if (!now.isObject()) {
            return;
        }
        // "replace /data/total/amount" is one value of both; the place of an array's element is known to none
        var pointer = difference.replaceFirst("^\\S+ ", "");
        var isOneValue = difference.matches("(add|remove|replace) /.*") && !pointer.contains("/*");
        if (sample.path("then").isObject()) {
            page.line(
                    "              then " + cut(isOneValue ? sample.path("then").at(pointer) : sample.path("then")));
        }
        page.line("              now  " + cut(isOneValue ? now.at(pointer) : now));
    }

    private static String cut(JsonNode value) {
        var text = value.isMissingNode() ? "nothing" : value.toString();
        return text.length() > WIDTH ? text.substring(0, WIDTH) + "…" : text;
    }
}
