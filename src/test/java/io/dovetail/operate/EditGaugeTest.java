package io.dovetail.operate;

import static io.dovetail.ledger.Store.claim;
import static io.dovetail.ledger.Store.turn;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.ledger.ProposedEdits.Edit;
import io.dovetail.ledger.SharedDatabase;
import io.dovetail.ledger.Store;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class EditGaugeTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void tellsHowManyEditsWaitForASecondOperator(DataSource database) {
        var store = new Store(database);
        store.accept("k", 1);
        var inbox = store.inbox();
        inbox.turn(turn(Store.parked(claim(inbox).events().getFirst())), Set.of(), false, 0);
        var gauge = new EditGauge(store.proposals, meters);
        gauge.look();
        assertThat(meters.find("hub_edits_waiting").gauge()).isNull();

        var letter = store.deadLetters.list(null, null, 0, 1).getFirst();
        store.proposals.propose(letter, Store.ADMIN, "as agreed", new Edit("{}", "{}", new byte[0], null));
        gauge.look();
        assertThat(meters.get("hub_edits_waiting")
                        .tag("connector", "shop")
                        .gauge()
                        .value())
                .isOne();

        store.proposals.refuse(letter, Store.ADMIN, "not what they said");
        gauge.look();
        assertThat(meters.find("hub_edits_waiting").gauge()).isNull();
    }
}
