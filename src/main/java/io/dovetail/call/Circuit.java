package io.dovetail.call;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Spares a system that does not answer, and events attempts that are in vain: when most of the last requests of a
 * connector failed, none is made for a while, and then few.
 */
final class Circuit {

    static final int WINDOW = 20;
    static final int FEWEST = 5;
    static final Duration PAUSE = Duration.ofSeconds(10);

    /** Requests that are made after a pause, one at a time, before it is decided. */
    static final int PROBES = 2;

    private final Clock clock;
    private final CircuitBreaker breaker;
    private volatile Instant until = Instant.MIN;

    Circuit(String connector, Clock clock) {
        this.clock = clock;
        this.breaker = CircuitBreaker.of(
                connector,
                CircuitBreakerConfig.custom()
                        .slidingWindowType(SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(WINDOW)
                        .minimumNumberOfCalls(FEWEST)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(PAUSE)
                        .permittedNumberOfCallsInHalfOpenState(PROBES)
                        .clock(clock)
                        .build());
        breaker.getEventPublisher().onStateTransition(change -> {
            if (change.getStateTransition().getToState() == State.OPEN) {
                // the breaker wants it to be over, not just reached
                until = clock.instant().plus(PAUSE).plusMillis(1);
            }
        });
    }

    boolean isOpen() {
        return breaker.getState() != State.CLOSED;
    }

    /** How many events may ask at the same time, as far as this is concerned. */
    int most() {
        return switch (breaker.getState()) {
            case CLOSED -> Integer.MAX_VALUE;
            case OPEN -> clock.instant().isBefore(until) ? 0 : 1;
            default -> 1;
        };
    }

    /** When to look again whether somebody may ask. */
    Instant until() {
        return breaker.getState() == State.OPEN ? until : Instant.MIN;
    }

    /** Whether a request may be made; if so, one of the three below must follow. */
    boolean enter() {
        return breaker.tryAcquirePermission();
    }

    void answered() {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    void failed(Exception reason) {
        breaker.onError(0, TimeUnit.NANOSECONDS, reason);
    }

    void withdrawn() {
        breaker.releasePermission();
    }
}
