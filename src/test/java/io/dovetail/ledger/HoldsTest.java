package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.ledger.Holds.Held;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two keys are held, with three events behind one of them and none behind the other. */
@ExtendWith(SharedDatabase.class)
class HoldsTest {

    @Test
    void tellHowManyKeysForHowLongAndHowDeep(DataSource database) {
        var store = new Store(database);
        var holds = new Holds(store.transactions);
        assertThat(holds.byConnector()).isEmpty();
        for (var n = 1; n <= 4; n++) {
            store.accept("deep", n);
        }
        store.accept("shallow", 1);
        var events = Store.claim(store.inbox()).events();
        var outcomes = events.stream()
                .map(event -> event.sourceId().endsWith(":1") ? Store.parked(event) : (Outcome) new Outcome.Held(event))
                .toList();
        var blockers = Map.of(
                Store.keyHash("deep"), events.getFirst().seq(),
                Store.keyHash("shallow"), events.getLast().seq());
        store.inbox().turn(Store.turn(outcomes, blockers), Set.of(), false, 0);
        assertThat(holds.byConnector()).containsExactly(new Held("shop", 2, Store.NOW, 3));
    }
}
