package io.dovetail.operate;

import io.dovetail.ledger.Holds;
import io.dovetail.ledger.Holds.Held;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How many keys are held, for how long, and how much waits behind them. */
public final class HoldGauges {

    // a look costs what there is to see: with a hundred thousand keys it must not become the hub's main work
    private static final int SHARE = 50;

    private final Holds holds;
    private final Clock clock;
    private final Readings keys;
    private final Readings oldest;
    private final Readings deepest;
    private long next = System.nanoTime();

    public HoldGauges(Holds holds, Clock clock, MeterRegistry meters) {
        this.holds = holds;
        this.clock = clock;
        this.keys = new Readings("hub_held_keys", "Ordering keys that are held", meters);
        this.oldest =
                new Readings("hub_held_keys_oldest_seconds", "How long ago the oldest of these holds began", meters);
        this.deepest =
                new Readings("hub_held_keys_deepest", "Events that wait behind the one behind which most do", meters);
    }

    void look() {
        var start = System.nanoTime();
        if (start < next) {
            return;
        }
        var held = holds.byConnector();
        var now = clock.instant();
        show(keys, held, Held::keys);
        show(oldest, held, h -> Math.max(0, Duration.between(h.since(), now).toMillis() / 1000.0));
        show(deepest, held, Held::deepest);
        var end = System.nanoTime();
        next = end + SHARE * (end - start);
    }

    private static void show(Readings gauge, List<Held> held, Function<Held, Number> value) {
        gauge.show(held.stream().collect(Collectors.toMap(h -> Tags.of("connector", h.connector()), value)));
    }
}
