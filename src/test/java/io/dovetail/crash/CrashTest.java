package io.dovetail.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@code ./hub prove}: kills a hub under load at random moments, while it works, while it starts and
 * while it recovers, and finds nothing lost, unknown or doubled, every key in order and the books balanced. The seed of a
 * failure is in its message, for {@code ./hub prove --arms kills --seed}.
 */
@Order(2)
class CrashTest {

    private static final int KILLS = 12;

    @TempDir
    Path directory;

    @Test
    void keepsItsPromisesHoweverOftenItIsKilled() throws Exception {
        var seed = System.nanoTime() % 1_000_000;
        var extent = new Extent(KILLS, 0, Duration.ofSeconds(1));
        var kept = directory.resolve("kept");
        var campaign = new Campaign(extent, Load.LIGHT, seed, kept, System.out::println);

        var arm = Arm.ALL.stream()
                .filter(a -> a.name().equals(Arm.KILLS))
                .findFirst()
                .orElseThrow();
        var result = campaign.run(arm, 0, soFar -> {});
        var report = new Report("", seed, "", 0, Report.thisMachine(), true, List.of(result), List.of());

        System.out.println(report.markdown());
        assertThat(report.holds()).as(report::markdown).isTrue();
        var figures = report.total();
        assertThat(figures.kills()).isGreaterThanOrEqualTo(KILLS);
        assertThat(figures.accepted()).isGreaterThan(100);
        assertThat(figures.samples()).isPositive();
        assertThat(figures.verifications()).isPositive();
        // what kept its promises leaves nothing behind
        try (var left = Files.list(kept)) {
            assertThat(left).isEmpty();
        }
    }
}
