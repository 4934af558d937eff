package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class RefusalsTest {

    private static final Actor JIRA = Actor.of("jira");

    private static final class Turning extends Clock {
        private Instant now = Store.NOW;

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

    private final Turning clock = new Turning();
    private final Store store;
    private final AuditLog audit;
    private final Refusals refusals;

    RefusalsTest(DataSource database) {
        store = new Store(database);
        audit = new AuditLog(store.transactions);
        refusals = new Refusals(audit, clock);
    }

    private List<AuditRow> rows() {
        return audit.page(null, 0, 1_000);
    }

    private static JsonNode detail(AuditRow row) throws Exception {
        return new ObjectMapper().readTree(row.detail());
    }

    @Test
    void makesOneRowOfManyOfAKind() throws Exception {
        for (var i = 0; i < 1_000; i++) {
            refusals.count(JIRA, "delivery-refused", "unauthenticated", null);
            clock.now = clock.now.plusMillis(10);
        }
        refusals.count(Actor.of("jira/default"), "delivery-refused", "conflict", "delivery 1");
        refusals.write();
        var rows = rows();
        assertThat(rows)
                .extracting(AuditRow::actor, AuditRow::action, AuditRow::subject)
                .containsExactly(
                        tuple("jira", "delivery-refused", "unauthenticated"),
                        tuple("jira/default", "delivery-refused", "conflict"));
        assertThat(detail(rows.getFirst()).toString())
                .isEqualTo("{\"count\":1000,\"first\":\"2026-05-01T12:00:00Z\",\"last\":\"2026-05-01T12:00:09.990Z\"}");
        assertThat(detail(rows.getLast()).at("/about/0").asText()).isEqualTo("delivery 1");
        refusals.write();
        assertThat(rows()).hasSize(2);
    }

    @Test
    void keepsTheFirstFewThatHelp() throws Exception {
        for (var i = 0; i < 50; i++) {
            refusals.count(JIRA, "delivery-refused", "conflict", "delivery " + i / 2);
        }
        refusals.write();
        assertThat(detail(rows().getFirst()).path("about").valueStream().map(JsonNode::asText))
                .containsExactly("delivery 0", "delivery 1", "delivery 2", "delivery 3", "delivery 4");
    }

    @Test
    void writesSoManyRowsAndNoMore() throws Exception {
        for (var i = 0; i < 3 * Refusals.MOST; i++) {
            refusals.count(Actor.of("sender " + i), "delivery-refused", "conflict", null);
        }
        refusals.write();
        assertThat(rows()).hasSize(Refusals.MOST + 1);
        assertThat(rows().getLast().subject()).isEqualTo("others");
        assertThat(detail(rows().getLast()).path("count").asInt()).isEqualTo(2 * Refusals.MOST);
    }

    @Test
    void countsOnWhatCannotBeWritten() throws Exception {
        refusals.count(JIRA, "delivery-refused", "unauthenticated", null);
        execute("alter table audit rename to away");
        assertThatThrownBy(refusals::write).isInstanceOf(BrokenStatementException.class);
        clock.now = clock.now.plusSeconds(60);
        refusals.count(JIRA, "delivery-refused", "unauthenticated", null);
        refusals.count(JIRA, "delivery-refused", "too_large", null);
        assertThatThrownBy(refusals::write).isInstanceOf(BrokenStatementException.class);
        execute("alter table away rename to audit");
        refusals.write();
        assertThat(rows()).extracting(AuditRow::subject).containsExactly("unauthenticated", "too_large");
        assertThat(detail(rows().getFirst()).toString())
                .isEqualTo("{\"count\":2,\"first\":\"2026-05-01T12:00:00Z\",\"last\":\"2026-05-01T12:01:00Z\"}");
    }

    private void execute(String sql) throws SQLException {
        try (var connection = store.database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void losesNoCountHoweverManyCountAndWrite() throws Exception {
        try (var threads = Executors.newFixedThreadPool(6)) {
            threads.invokeAll(IntStream.range(0, 6)
                    .<Callable<Integer>>mapToObj(t -> () -> {
                        for (var i = 0; i < 500; i++) {
                            refusals.count(JIRA, "delivery-refused", "unauthenticated", null);
                            if (i % 50 == t) {
                                refusals.write();
                            }
                        }
                        return t;
                    })
                    .toList());
        }
        refusals.write();
        var counted = 0;
        for (var row : rows()) {
            counted += detail(row).path("count").asInt();
        }
        assertThat(counted).isEqualTo(3_000);
        assertThat(audit.verify(List.of()).problem()).isNull();
    }
}
