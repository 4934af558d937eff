package io.dovetail.crash;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.crash.Violation.Kind;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a campaign found, for people and for programs.
 *
 * @param command which repeats it
 * @param begun when, in UTC
 * @param seconds how long it took
 * @param complete whether it came to its end; otherwise this is what was found so far
 */
record Report(
        String command,
        long seed,
        String begun,
        long seconds,
        String machine,
        boolean complete,
        List<ArmResult> arms,
        List<ControlResult> controls) {

    /** @param whyNot why it was not tried; empty when it was */
    record ArmResult(String name, String what, String whyNot, Figures figures) {
        boolean tried() {
            return whyNot.isEmpty();
        }
    }

    /** @param found the first of what the checker found */
    record ControlResult(String name, String what, Kind breaks, List<String> found, boolean red) {}

    /** @param asked whether anything was tried that could have broken it */
    record Verdict(Invariant invariant, String says, boolean asked, int violations) {
        String word() {
            return asked ? violations == 0 ? "holds" : "BROKEN" : "not asked";
        }
    }

    @JsonProperty
    Figures total() {
        return arms.stream().map(ArmResult::figures).reduce(Figures.NONE, Figures::plus);
    }

    @JsonProperty
    List<Verdict> invariants() {
        var total = total();
        var verdicts = new ArrayList<Verdict>();
        for (var invariant : Invariant.values()) {
            var count = invariant.brokenBy.stream().mapToInt(total::violations).sum();
            verdicts.add(new Verdict(invariant, invariant.says, total.rounds() > 0, count));
        }
        return verdicts;
    }

    /** Every invariant held, everything came to its end, and every negative control was noticed. */
    @JsonProperty
    boolean holds() {
        return total().violations().isEmpty() && controls.stream().allMatch(ControlResult::red);
    }

    String json() {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    String markdown() {
        var total = total();
        var text = new StringBuilder();
        text.append(line(
                """
                    %s

                Seed %d, begun %s, %d minutes, on %s.

                **%s%s**: %,d deliveries accepted, %d faults, the hub killed %d times, %,d lost, \
                %,d effects doubled, %,d order breaks, %,d of %,d samples of the books unequal, %s.

                """,
                command,
                seed,
                begun,
                (seconds + 59) / 60,
                machine,
                complete ? "" : "NOT COMPLETE. So far: ",
                holds() ? "Everything held" : "NOT EVERYTHING HELD",
                total.accepted(),
                total.blows(),
                total.kills(),
                total.violations(Kind.LOST),
                total.violations(Kind.DOUBLED),
                total.violations(Kind.ORDER) + total.violations(Kind.HELD),
                total.unequalSamples(),
                total.samples(),
                controls.isEmpty()
                        ? "no negative control tried"
                        : line(
                                "%d of %d negative controls red",
                                controls.stream().filter(ControlResult::red).count(), controls.size())));
        text.append("| | invariant | verdict | violations |\n|---|---|---|--:|\n");
        for (var verdict : invariants()) {
            text.append(line(
                    "| %s | %s | %s | %d |\n",
                    verdict.invariant(), verdict.says(), verdict.word(), verdict.violations()));
        }
        text.append('\n');
        figures(text);
        text.append('\n');
        for (var arm : arms) {
            text.append(line(
                    "- **%s**: %s%s\n", arm.name(), arm.what(), arm.tried() ? "" : ". Not tried: " + arm.whyNot()));
        }
        if (!controls.isEmpty()) {
            text.append("\n| negative control: a hub that … | must be found | verdict |\n|---|---|---|\n");
            for (var control : controls) {
                text.append(line(
                        "| %s | %s | %s |\n", control.what(), control.breaks(), control.red() ? "red" : "NOT NOTICED"));
            }
        }
        examples(text);
        return text.toString();
    }

    private void figures(StringBuilder text) {
        text.append("| arm | faults | kills | accepted | attempts unanswered | recovered | refused | known again"
                + " | out of order | came twice | books looked at | verified | slowest start | lost | doubled"
                + " | order breaks |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        for (var arm : arms) {
            text.append(arm.tried() ? row(arm.name(), arm.figures()) : line("| %s | not tried |\n", arm.name()));
        }
        text.append(row("**all**", total()));
    }

    private static String row(String name, Figures f) {
        return line(
                "| %s | %d | %d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d, %d unequal | %,d, %d differ | %.1f s | %d"
                        + " | %d | %d |\n",
                name,
                f.blows(),
                f.kills(),
                f.accepted(),
                f.unanswered(),
                f.recovered(),
                f.forged() + f.malformed(),
                f.repeated(),
                f.reordered(),
                f.again(),
                f.samples(),
                f.unequalSamples(),
                f.verifications(),
                f.disagreements(),
                f.longestStartMillis() / 1000.0,
                f.violations(Kind.LOST),
                f.violations(Kind.DOUBLED),
                f.violations(Kind.ORDER) + f.violations(Kind.HELD));
    }

    private void examples(StringBuilder text) {
        var total = total();
        if (total.violations().isEmpty()) {
            return;
        }
        text.append("\nFound: ")
                .append(total.violations().entrySet().stream()
                        .map(found -> found.getValue() + " × " + found.getKey())
                        .collect(Collectors.joining(", ")))
                .append('\n');
        for (var arm : arms) {
            for (var example : arm.figures().examples()) {
                text.append(line(
                        "- %s: `%s`\n",
                        arm.name(),
                        example.lines()
                                .limit(3)
                                .collect(Collectors.joining(" "))
                                .replace('`', '\'')));
            }
        }
    }

    private static String line(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }

    static String thisMachine() {
        var gib = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getTotalMemorySize()
                / (double) (1 << 30);
        return line(
                "%d cores, %.0f GiB, %s %s, Java %s",
                Runtime.getRuntime().availableProcessors(),
                gib,
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Runtime.version().feature());
    }
}
