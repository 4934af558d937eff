package io.dovetail.intake.poll;

import io.dovetail.call.Callers;
import io.dovetail.ledger.Cursors.Cursor;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A system that is asked, page by page. */
record AskedSource(PollRoute route, Callers callers) implements Source {

    @Override
    public String id() {
        return route.poll().id();
    }

    @Override
    public String connector() {
        return route.poll().connector();
    }

    @Override
    public Duration every() {
        var every = route.poll().every();
        var pace = callers.pace(connector());
        return pace.compareTo(every) > 0 ? pace : every;
    }

    @Override
    public @Nullable Duration hurry() {
        return route.poll().hurry();
    }

    @Override
    public Set<String> secrets() {
        return route.secrets();
    }

    @Override
    public void read(Keeper keeper, @Nullable Cursor known, Instant now) throws InterruptedException {
        new Round(route, callers, keeper, known, now).run();
    }

    @Override
    public boolean isReadAnew() {
        return true;
    }
}
