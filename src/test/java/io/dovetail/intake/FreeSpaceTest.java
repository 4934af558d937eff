package io.dovetail.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FreeSpaceTest {

    private static final long LEAST = 100;

    private final AtomicLong free = new AtomicLong(LEAST);
    private final AtomicInteger looks = new AtomicInteger();
    private final TurnedClock clock = new TurnedClock();
    private final FreeSpace space = new FreeSpace(
            () -> {
                looks.incrementAndGet();
                return free.get();
            },
            LEAST,
            clock);

    private static final class TurnedClock extends Clock {

        private Instant now = Instant.parse("2026-03-09T10:00:00Z");

        void turn(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    void isEnoughDownToTheLeast() {
        assertThat(space.isEnough()).isTrue();
        free.set(LEAST - 1);
        clock.turn(FreeSpace.MAX_AGE);
        assertThat(space.isEnough()).isFalse();
        free.set(LEAST);
        clock.turn(FreeSpace.MAX_AGE);
        assertThat(space.isEnough()).isTrue();
    }

    @Test
    void looksOnceInASecondHoweverOftenItIsAsked() {
        free.set(0);
        for (var asked = 0; asked < 1_000; asked++) {
            clock.turn(Duration.ofNanos(999_000));
            assertThat(space.isEnough()).isTrue();
        }
        assertThat(looks).hasValue(1);
        clock.turn(Duration.ofMillis(1));
        assertThat(space.isEnough()).isFalse();
        assertThat(space.bytes()).isZero();
        assertThat(looks).hasValue(2);
    }

    @Test
    void looksAgainWhenTheClockIsPutBack() {
        free.set(0);
        clock.turn(Duration.ofHours(-1));
        assertThat(space.isEnough()).isFalse();
    }
}
