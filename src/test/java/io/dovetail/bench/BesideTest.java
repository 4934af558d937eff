package io.dovetail.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.bench.Live.Phase;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Limits;
import io.dovetail.connector.Problems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the benches of one connector beside another stand on; they themselves take minutes. */
class BesideTest {

    @TempDir
    Path root;

    private Configuration configuration() {
        var problems = new Problems();
        var configuration = Configuration.read(root, problems);
        assertThat(problems.list()).isEmpty();
        return configuration;
    }

    private Limits limits() {
        return configuration().connector(Rival.NAME).webhook().limits();
    }

    @Test
    void makesASecondConnectorThatAHubTakes() throws IOException {
        var rival = Rival.in(root, Path.of("."));
        assertThat(limits().concurrent()).isZero();
        rival.limit(Fairness.limits(200));
        assertThat(limits().each().perSecond()).isEqualTo(200);
        rival.breakMapping();
        configuration();
        rival.mendMapping();
        configuration();
    }

    private static Phase phase(String name, double millis) {
        return new Phase(name, 1, 1, 1, 1, millis, 1, 1, millis, 1, 0, 1, 1, 1, 1);
    }

    @Test
    void comparesWithTheMiddleOneOfThePhasesAlone() {
        var beside = phase("beside", 30);
        var phases = List.of(phase(Phase.ALONE, 10), beside, phase(Phase.ALONE, 90), phase(Phase.ALONE, 20));
        assertThat(beside.ratio(Phase::acceptP99Millis, phases)).isEqualTo(1.5);
        assertThat(beside.ratio(Phase::endToEndP99Millis, phases.subList(0, 3))).isEqualTo(0.6);
    }
}
