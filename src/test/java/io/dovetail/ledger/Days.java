package io.dovetail.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is put forward, or back. */
public final class Days extends Clock {

    private volatile Instant now = Store.NOW;

    void pass(int days) {
        now = now.plus(Duration.ofDays(days));
    }

    public void pass(Duration time) {
        now = now.plus(time);
    }

    LocalDate today() {
        return LocalDate.ofInstant(now, ZoneOffset.UTC);
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
