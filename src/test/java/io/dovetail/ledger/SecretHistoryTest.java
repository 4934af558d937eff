package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class SecretHistoryTest {

    private static final Instant MONDAY = Instant.parse("2026-03-09T10:00:00.123456789Z");
    private static final Instant TUESDAY = Instant.parse("2026-03-10T10:00:00Z");

    private final Store store;
    private final AuditLog audit;

    SecretHistoryTest(DataSource database) {
        store = new Store(database);
        audit = new AuditLog(store.transactions);
    }

    private void tell(Map<String, Instant> written) {
        // each time as another hub: what was told is in the database
        new SecretHistory(store.transactions).tell(written);
    }

    @Test
    void tellsWhatCameChangedAndWent() {
        tell(Map.of("jira.webhook", MONDAY, "operators", MONDAY));
        tell(Map.of("jira.webhook", MONDAY, "operators", MONDAY));
        tell(Map.of("jira.webhook", TUESDAY, "operators", MONDAY));
        tell(Map.of("jira.webhook", TUESDAY, "sap-idoc.basic", TUESDAY));
        assertThat(audit.page(null, 0, 100))
                .extracting(AuditRow::action, AuditRow::actor, AuditRow::subject, AuditRow::reason, AuditRow::detail)
                .containsExactly(
                        tuple("secret", "?", "jira.webhook", "added", null),
                        tuple("secret", "?", "operators", "added", null),
                        tuple("secret", "?", "jira.webhook", "changed", null),
                        tuple("secret", "?", "sap-idoc.basic", "added", null),
                        tuple("secret", "?", "operators", "removed", null));
    }

    @Test
    void isNotFloodedByFiles() {
        var many = IntStream.range(0, 1_000)
                .boxed()
                .collect(Collectors.toMap(i -> "f" + i, i -> MONDAY, (a, b) -> a, HashMap::new));
        tell(many);
        var rows = audit.page(null, 0, 2_000);
        assertThat(rows).hasSize(200);
        assertThat(rows.getLast().subject()).isEqualTo("others");
        assertThat(rows.getLast().reason()).isEqualTo("801 more files");
        tell(many);
        assertThat(audit.page(null, 0, 2_000)).hasSize(200);
    }
}
