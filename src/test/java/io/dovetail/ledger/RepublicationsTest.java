package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.ledger.ReplayPlans.Choice;
import io.dovetail.ledger.Republications.Published;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A window is looked for in a long history, a few rows at a time. */
@ExtendWith(SharedDatabase.class)
class RepublicationsTest {

    @Test
    void findsAWindowInALongHistory(DataSource database) {
        var clock = new Days();
        var store = new Store(database, 1, clock, connector -> History.STANDARD);
        for (var day = 0; day < 4; day++) {
            store.accept("k" + day, 1, 2, 3, 4, 5);
            store.publishAll();
            clock.pass(1);
        }
        var from = Store.NOW.plus(Duration.ofDays(2));
        var plans = new ReplayPlans(store.transactions);
        var republications = new Republications(store.transactions, plans, 3);
        var window = new Window(from, from.plusSeconds(1), List.of("hub.events"));
        var key = new Choice("shop", null, "k2", null, null);
        assertThat(republications
                        .extent(new Choice("shop", null, "k1", null, null), window)
                        .events())
                .isZero();
        var extent = republications.extent(key, window);
        assertThat(extent.events()).isEqualTo(5);
        assertThat(extent.triggers()).isEqualTo(5);
        var id = UUID.randomUUID();
        republications.make(id, Store.ADMIN, "a test", key, window, extent, 5, 100, 0);
        var found = new ArrayList<String>();
        var steps = 0;
        for (var plan = republications.running(); plan.isPresent(); plan = republications.running()) {
            var page = republications.next(plan.get(), 2);
            page.events()
                    .forEach(event ->
                            found.add(new String(event.rows().getFirst().body())));
            assertThat(page.events()).hasSizeLessThanOrEqualTo(2);
            republications.told(
                    plan.get(), page, page.events().stream().map(Published::seq).toList());
            steps++;
        }
        assertThat(found).containsExactly("event k2:1", "event k2:2", "event k2:3", "event k2:4", "event k2:5");
        // ten events before the window, three at a time
        assertThat(steps).isGreaterThan(5);
        assertThat(plans.find(id).orElseThrow().replayed()).isEqualTo(5);
        var rows = new AuditLog(store.transactions).page(null, 0, 10);
        assertThat(rows).extracting(AuditRow::action).containsExactly("republish plan", "republish plan done");
        assertThat(rows.getFirst().reason()).isEqualTo("a test");
        assertThat(rows.getFirst().detail()).contains("\"events\":5", "\"hub.events\"", from.toString());
        assertThat(rows.getLast().detail()).isEqualTo("{\"events\":5}");
    }
}
