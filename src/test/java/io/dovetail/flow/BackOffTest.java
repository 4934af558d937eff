package io.dovetail.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackOffTest {

    /** Always the longest that chance allows. */
    static final RandomGenerator LONGEST = new RandomGenerator() {
        @Override
        public long nextLong() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    };

    @ParameterizedTest
    @CsvSource({
        "1,PT1S",
        "2,PT2S",
        "3,PT4S",
        "8,PT2M8S",
        "9,PT4M16S",
        "10,PT5M",
        "11,PT5M",
        "100,PT5M",
        "2000000000,PT5M"
    })
    void waitsUpToABoundThatDoublesAndThenNoLonger(int failures, Duration bound) {
        assertThat(new BackOff(LONGEST).next(failures, null)).isEqualTo(bound);
    }

    @Test
    void comesBackAtAnyTimeBefore() {
        var backOff = new BackOff(RandomGenerator.getDefault());
        var least = Duration.ofMinutes(5);
        var most = Duration.ZERO;
        for (var i = 0; i < 1_000; i++) {
            var pause = backOff.next(20, null);
            assertThat(pause).isBetween(Duration.ZERO, Duration.ofMinutes(5));
            least = pause.compareTo(least) < 0 ? pause : least;
            most = pause.compareTo(most) > 0 ? pause : most;
        }
        assertThat(least).isLessThan(Duration.ofMinutes(1));
        assertThat(most).isGreaterThan(Duration.ofMinutes(4));
    }

    @Test
    void comesNotBeforeItMay() {
        assertThat(new BackOff(LONGEST).next(2, Duration.ofMinutes(10))).isEqualTo(Duration.ofSeconds(602));
    }
}
