package io.dovetail.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.crash.Violation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a campaign says of itself. */
class ReportTest {

    private static final Report.ControlResult RED = new Report.ControlResult(
            "two-workers", "shares a partition", Kind.ORDER, List.of("ORDER: 2 after 3"), true);

    private static Figures figures(Map<Kind, Integer> violations) {
        return new Figures(
                1,
                3,
                2,
                110,
                100,
                5,
                4,
                7,
                6,
                9,
                8,
                101,
                90,
                1,
                50,
                0,
                4,
                0,
                5100,
                60_000,
                violations,
                List.of("LOST: `x`"));
    }

    private static Report report(Map<Kind, Integer> violations, Report.ControlResult... controls) {
        return new Report(
                "./hub prove",
                4711,
                "2026-11-27T10:00:00Z",
                61,
                "2 cores",
                true,
                List.of(
                        new Report.ArmResult("kills", "kill -9", "", figures(violations)),
                        new Report.ArmResult("points", "named points", "", figures(Map.of())),
                        new Report.ArmResult("clock", "it jumps", "there is no library", Figures.NONE)),
                List.of(controls));
    }

    @Test
    void addsUpWhatItsArmsCounted() throws Exception {
        var report = report(Map.of(), RED);

        assertThat(report.holds()).isTrue();
        assertThat(report.markdown())
                .contains("./hub prove", "Seed 4711", "2 minutes")
                .contains("**Everything held**: 200 deliveries accepted, 6 faults, the hub killed 4 times, 0 lost")
                .contains("0 of 100 samples of the books unequal, 1 of 1 negative controls red")
                .contains("| I1 |", "| I8 |", "holds")
                .contains("**clock**: it jumps. Not tried: there is no library")
                .contains("| shares a partition | ORDER | red |")
                .doesNotContain("Found:");
        var json = new ObjectMapper().readTree(report.json());
        assertThat(json.path("seed").asInt()).isEqualTo(4711);
        assertThat(json.path("holds").asBoolean()).isTrue();
        assertThat(json.at("/total/accepted").asInt()).isEqualTo(200);
        assertThat(json.at("/total/longestStartMillis").asInt()).isEqualTo(5100);
        assertThat(json.at("/invariants/0/violations").asInt()).isZero();
        assertThat(json.path("arms")).hasSize(3);
    }

    @Test
    void saysWhichInvariantWasBroken() {
        for (var invariant : Invariant.values()) {
            for (var kind : invariant.brokenBy) {
                var report = report(Map.of(kind, 2));
                assertThat(report.holds()).isFalse();
                assertThat(report.markdown())
                        .contains("**NOT EVERYTHING HELD**", "| " + invariant.says + " | BROKEN | 2 |")
                        .contains("Found: 2 × " + kind, "- kills: `LOST: 'x'`");
            }
        }
    }

    @Test
    void holdsNothingThatCameToNoEnd() {
        assertThat(report(Map.of(Kind.STUCK, 1)).holds()).isFalse();
    }

    @Test
    void holdsNothingIfItsCheckerIsBlind() {
        var unnoticed = new Report.ControlResult("two-workers", "shares a partition", Kind.ORDER, List.of(), false);

        assertThat(report(Map.of(), RED, unnoticed).holds()).isFalse();
        assertThat(report(Map.of(), unnoticed).markdown()).contains("NOT NOTICED", "0 of 1 negative controls red");
    }

    @Test
    void saysWhatItIsWithoutSoFar() {
        var whole = report(Map.of());
        var soFar = new Report(
                whole.command(),
                whole.seed(),
                whole.begun(),
                whole.seconds(),
                whole.machine(),
                false,
                whole.arms(),
                whole.controls());

        assertThat(soFar.markdown()).contains("**NOT COMPLETE. So far: Everything held**", "no negative control tried");
        assertThat(whole.markdown()).doesNotContain("NOT COMPLETE");
    }

    @Test
    void asksAboutEveryKindOfViolation() {
        var asked = new ArrayList<>(List.of(Kind.STUCK));
        for (var invariant : Invariant.values()) {
            asked.addAll(invariant.brokenBy);
        }
        assertThat(asked).containsExactlyInAnyOrder(Kind.values());
    }
}
