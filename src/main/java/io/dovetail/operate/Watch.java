package io.dovetail.operate;

import io.dovetail.ledger.Books;
import io.dovetail.ledger.Outbox;
import io.dovetail.ledger.UnavailableException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the books and the outbox from time to time, for the gauges and the alarm; folds the books. */
public final class Watch {

    private static final Logger log = LoggerFactory.getLogger(Watch.class);

    private final Books books;
    private final BooksAlarm alarm;
    private final Outbox outbox;
    private final PauseGauges pauses;
    private final HoldGauges holds;
    private final EditGauge edits;
    private final UnprovedGauge unproved;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Map<String, Books.Page> pages = new ConcurrentHashMap<>();
    private volatile double outboxAge;

    public Watch(
            Books books,
            BooksAlarm alarm,
            Outbox outbox,
            PauseGauges pauses,
            HoldGauges holds,
            EditGauge edits,
            UnprovedGauge unproved,
            Clock clock,
            MeterRegistry meters) {
        this.books = books;
        this.alarm = alarm;
        this.outbox = outbox;
        this.pauses = pauses;
        this.holds = holds;
        this.edits = edits;
        this.unproved = unproved;
        this.clock = clock;
        this.meters = meters;
        Gauge.builder("hub_outbox_age_seconds", this, w -> w.outboxAge)
                .description("How long ago the oldest unpublished event was accepted")
                .register(meters);
    }

    /** One look; never throws, since it is repeated for ever. */
    public void look() {
        try {
            unproved.look();
            books.fold();
            var oldest = outbox.oldest();
            outboxAge = oldest.map(since ->
                            Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1000.0))
                    .orElse(0.0);
            var now = books.pages();
            for (var page : now) {
                if (pages.put(page.connector(), page) == null) {
                    register(page.connector());
                }
            }
            alarm.looked(now);
            pauses.look();
            holds.look();
            edits.look();
        } catch (UnavailableException e) {
            log.warn("Not looked at the books: {}", e.getMessage());
        } catch (RuntimeException e) {
            log.error("Not looked at the books", e);
        }
    }

    private void register(String connector) {
        gauge(
                "hub_in_flight",
                connector,
                "Events accepted and not at their end",
                p -> p.events().inFlight());
        gauge(
                "hub_held",
                connector,
                "Events that wait behind a parked one",
                p -> p.events().held());
        gauge(
                "hub_waiting",
                connector,
                "Events that wait for the next attempt to ask another system",
                p -> p.events().waiting());
        gauge("hub_parked", connector, "Dead letters", p -> p.events().parked());
        gauge("hub_books_difference", connector, "0, or something was lost or counted twice", Books.Page::difference);
    }

    private void gauge(String name, String connector, String description, ToDoubleFunction<Books.Page> value) {
        Gauge.builder(name, pages, all -> {
                    var page = all.get(connector);
                    return page == null ? 0 : value.applyAsDouble(page);
                })
                .tag("connector", connector)
                .description(description)
                .register(meters);
    }
}
