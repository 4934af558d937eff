package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.ledger.AuditVerdict.What;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What whoever owns the database does to the audit, and what is found of it. */
@ExtendWith(SharedDatabase.class)
class AuditLogTest {

    private static final Actor ALICE = new Actor("alice", "repairer");
    private static final String TRIGGER = "audit_is_only_added_to";

    private final Store store;
    private final AuditLog audit;

    AuditLogTest(DataSource database) {
        store = new Store(database);
        audit = new AuditLog(store.transactions);
    }

    @BeforeEach
    void writeNineRows() throws SQLException {
        audit.write(IntStream.rangeClosed(1, 9)
                .mapToObj(i -> AuditEntry.of(ALICE, "replay", "event " + i, "reason " + i))
                .toList());
        tamper("create table kept as table audit");
    }

    private AuditVerdict verify(AuditHead... heads) {
        return audit.verify(List.of(heads));
    }

    private AuditHead head() {
        return audit.head().orElseThrow();
    }

    /** As the owner of the table, who can put the guard aside. */
    private void tamper(String... statements) throws SQLException {
        try (var connection = store.database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("alter table audit disable trigger " + TRIGGER);
            for (var sql : statements) {
                statement.execute(sql);
            }
            statement.execute("alter table audit enable trigger " + TRIGGER);
        }
    }

    private void restore() throws SQLException {
        tamper("truncate audit", "insert into audit select * from kept");
    }

    private void finds(AuditVerdict verdict, What what, long n, long to, String message) {
        var problem = verdict.problem();
        assertThat(problem).isNotNull();
        assertThat(problem.message()).contains(message);
        assertThat(problem.what()).isEqualTo(what);
        assertThat(problem.n()).isEqualTo(n);
        assertThat(problem.to()).isEqualTo(to);
    }

    @Test
    void isWholeAsItWasWritten() {
        assertThat(verify(head())).isEqualTo(new AuditVerdict(9, head().hash(), 1, null));
        var rows = audit.page(null, 0, 100);
        assertThat(rows).extracting(AuditRow::n).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(rows.getFirst())
                .extracting(AuditRow::at, AuditRow::actor, AuditRow::role, AuditRow::action, AuditRow::reason)
                .containsExactly(Store.NOW, "alice", "repairer", "replay", "reason 1");
    }

    @Test
    void isWholeWhileItIsEmpty(DataSource other) {
        var empty = new AuditLog(new Store(other).transactions);
        assertThat(empty.verify(List.of()).problem()).isNull();
        assertThat(empty.head()).isEmpty();
        assertThat(empty.page(null, 0, 10)).isEmpty();
        finds(empty.verify(List.of(head())), What.CUT, 1, 9, "there were 9 rows, and the last one now is 0");
    }

    @Test
    void namesARowThatWasChanged() throws SQLException {
        for (var change : List.of(
                "actor = 'bob'",
                "role = 'approver'",
                "role = null",
                "action = 'discard'",
                "subject = 'event 6'",
                "reason = 'another'",
                "reason = null",
                "detail = '{}'",
                "at = at + interval '1 microsecond'",
                // the same characters, cut into other fields
                "subject = 'event 5reason', reason = ' 5'")) {
            tamper("update audit set " + change + " where n = 5");
            finds(verify(), What.CHANGED, 5, 5, "Row 5 does not fit its hash");
            restore();
        }
        assertThat(verify().problem()).isNull();
    }

    @Test
    void namesARowThatWasChangedAtEitherEnd() throws SQLException {
        for (var n : List.of(1, 2, 8, 9)) {
            tamper("update audit set reason = 'x' where n = " + n);
            finds(verify(), What.CHANGED, n, n, "Row " + n + " does not fit its hash");
            restore();
        }
    }

    @Test
    void tellsAChangedHashFromAChangedRow() throws SQLException {
        tamper("update audit set hash = sha256('x') where n = 5");
        finds(verify(), What.CHANGED, 5, 5, "The hash of row 5 was changed; what else is in it is right.");
    }

    @Test
    void namesTheFirstOfSeveral() throws SQLException {
        tamper("update audit set reason = 'x' where n in (4, 7)", "delete from audit where n = 8");
        finds(verify(), What.CHANGED, 4, 4, "Row 4");
    }

    @Test
    void saysThatTheRowBeforeMayBeTheCulpritUnlessAHeadVouchesForIt() throws SQLException {
        var rows = audit.page(null, 0, 100);
        var forged = AuditRow.after(
                5, rows.get(3).hash(), Store.NOW, AuditEntry.of(ALICE, "replay", "event 5", "never said"));
        tamper("update audit set reason = 'never said', hash = '\\x" + forged.hash() + "' where n = 5");
        finds(verify(), What.CHANGED, 6, 6, "or row 5 was changed together with its hash");
        finds(verify(rows.get(4).head(Store.NOW)), What.REPLACED, 1, 5, "Rows 1 to 5: not what there was");
        finds(
                verify(rows.get(3).head(Store.NOW), rows.get(4).head(Store.NOW)),
                What.REPLACED,
                5,
                5,
                "Row 5: not what there was at 2026-05-01T12:00:00Z");
    }

    @Test
    void namesARowThatWasRemoved() throws SQLException {
        for (var n : List.of(1, 5, 8)) {
            tamper("delete from audit where n = " + n);
            finds(verify(), What.MISSING, n, n, "Row " + n + " is missing.");
            restore();
        }
    }

    @Test
    void namesRowsThatWereRemoved() throws SQLException {
        tamper("delete from audit where n between 3 and 6");
        finds(verify(), What.MISSING, 3, 6, "Rows 3 to 6 are missing.");
    }

    @Test
    void namesRowsThatWereRemovedAndTheirGapHidden() throws SQLException {
        tamper(
                "delete from audit where n in (4, 5)",
                "update audit set n = 4 where n = 6",
                "update audit set n = 5 where n = 7",
                "update audit set n = 6 where n = 8",
                "update audit set n = 7 where n = 9");
        finds(verify(), What.MISSING, 4, 5, "Those behind were given other numbers to hide it.");
    }

    @Test
    void namesRowsThatChangedPlaces() throws SQLException {
        for (var other : List.of(4, 5, 9)) {
            tamper(
                    "update audit set n = 0 where n = 3",
                    "update audit set n = 3 where n = " + other,
                    "update audit set n = %d where n = 0".formatted(other));
            finds(verify(), What.SWAPPED, 3, other, "Rows 3 and " + other + " are swapped.");
            restore();
        }
    }

    @Test
    void namesRowsWhoseContentChangedPlaces() throws SQLException {
        for (var other : List.of(4, 5, 9)) {
            tamper("""
                    update audit a set subject = b.subject, reason = b.reason from audit b
                    where (a.n = 3 and b.n = %1$d) or (a.n = %1$d and b.n = 3)
                    """.formatted(other));
            finds(verify(), What.SWAPPED, 3, other, "Rows 3 and " + other + " are swapped.");
            restore();
        }
    }

    @Test
    void namesAForgedRowAtTheEnd() throws SQLException {
        tamper("""
                insert into audit (n, at, actor, role, action, subject, hash)
                values (10, now(), 'alice', 'repairer', 'discard', 'event 1', sha256('x'))
                """);
        finds(verify(), What.CHANGED, 10, 10, "never written by the hub");
    }

    @Test
    void namesAForgedRowInBetween() throws SQLException {
        var before = audit.page(null, 0, 100).get(4);
        var forged =
                AuditRow.after(6, before.hash(), Store.NOW, AuditEntry.of(ALICE, "discard", "event 1", "not wanted"));
        for (var hash : List.of("sha256('x')", "'\\x" + forged.hash() + "'")) {
            tamper("update audit set n = -n where n > 5", "update audit set n = 1 - n where n < 0", """
                    insert into audit (n, at, actor, role, action, subject, reason, hash)
                    values (6, '%s', 'alice', 'repairer', 'discard', 'event 1', 'not wanted', %s)
                    """.formatted(
                            Store.NOW, hash));
            finds(verify(), What.INSERTED, 6, 6, "Row 6 was put in between");
            restore();
        }
    }

    @Test
    void seesACutEndByItsHeadAlone() throws SQLException {
        var head = head();
        tamper("delete from audit where n > 6");
        assertThat(verify().problem()).isNull();
        finds(verify(head), What.CUT, 7, 9, "there were 9 rows, and the last one now is 6");
        assertThat(audit.contradicted(List.of(head))).contains(head);
        // and still when the hub has gone on
        for (var i = 0; i < 5; i++) {
            audit.write(List.of(AuditEntry.of(ALICE, "replay", "later", null)));
        }
        assertThat(verify().problem()).isNull();
        finds(verify(head), What.REPLACED, 1, 9, "Rows 1 to 9: not what there was");
    }

    @Test
    void seesATableThatWasWrittenAnewByItsHeads() throws SQLException {
        var rows = audit.page(null, 0, 100);
        var heads = rows.stream()
                .filter(row -> row.n() % 3 == 0)
                .map(row -> row.head(Store.NOW))
                .toList();
        tamper("delete from audit where n > 4");
        for (var i = 5; i <= 9; i++) {
            audit.write(List.of(AuditEntry.of(ALICE, "replay", "event " + i, "nicer " + i)));
        }
        assertThat(verify().problem()).isNull();
        finds(audit.verify(heads), What.REPLACED, 4, 6, "Rows 4 to 6: not what there was");
        assertThat(audit.contradicted(heads)).contains(heads.get(1));
    }

    @Test
    void stopsAMishapOfItsOwner() {
        for (var sql : List.of(
                "update audit set reason = 'x' where n = 1", "delete from audit where n = 1", "truncate audit")) {
            assertThatThrownBy(() -> {
                        try (var connection = store.database.getConnection();
                                var statement = connection.createStatement()) {
                            statement.execute(sql);
                        }
                    })
                    .as(sql)
                    .hasMessageContaining("never changed or removed");
        }
        assertThat(verify(head()).problem()).isNull();
    }

    /** Many write at the same time, some give up after writing: no gap, no fork. */
    @Test
    void staysAChainHoweverManyWrite() throws Exception {
        var writers = 8;
        var each = 40;
        var written = new ArrayList<String>();
        try (var threads = Executors.newFixedThreadPool(writers)) {
            var work = IntStream.range(0, writers)
                    .<Callable<List<String>>>mapToObj(w -> () -> {
                        var mine = new ArrayList<String>();
                        for (var i = 0; i < each; i++) {
                            var subject = w + ":" + i;
                            if (write(subject, i % 4 == 3)) {
                                mine.add(subject);
                            }
                        }
                        return mine;
                    })
                    .toList();
            for (var done : threads.invokeAll(work)) {
                written.addAll(done.get());
            }
        }
        assertThat(verify())
                .extracting(AuditVerdict::rows, AuditVerdict::problem)
                .containsExactly(249L, null);
        assertThat(audit.page(null, 9, 1_000).stream().map(AuditRow::subject))
                .containsExactlyInAnyOrderElementsOf(written)
                .hasSize(writers * each * 3 / 4);
    }

    private boolean write(String subject, boolean giveUp) {
        try {
            store.transactions.write(connection -> {
                Audit.write(connection, store.transactions.now(), AuditEntry.of(ALICE, "replay", subject, null));
                if (giveUp) {
                    throw new IllegalStateException("given up");
                }
                return subject;
            });
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    void keepsWhatPeopleWriteAndWhatTheyShouldNot() {
        var odd = "a\0b \uD800 c\u0301 \uD83D\uDE00 " + "x".repeat(5_000);
        audit.write(List.of(
                new AuditEntry(
                        new Actor(odd, "viewer"), "replay", odd, odd, "{\"b\": 1,  \"a\": \"\u00e9\", \"b\": 2}"),
                AuditEntry.of(Actor.UNKNOWN, "replay", "", "")));
        assertThat(verify().problem()).isNull();
        var row = audit.page(null, 9, 1).getFirst();
        assertThat(row.detail()).isEqualTo("{\"b\": 1,  \"a\": \"\u00e9\", \"b\": 2}");
        assertThat(row.reason()).hasSize(2_001).startsWith("a\uFFFDb ? c\u0301 \uD83D\uDE00 x");
        assertThat(row.subject()).hasSize(301);
    }

    @Test
    void pagesFromATime() {
        assertThat(audit.page(null, 3, 2)).extracting(AuditRow::n).containsExactly(4L, 5L);
        assertThat(audit.page(Store.NOW, 0, 100)).hasSize(9);
        assertThat(audit.page(Store.NOW, 7, 100)).hasSize(2);
        assertThat(audit.page(Store.NOW.plus(Duration.ofMinutes(1)), 0, 100)).isEmpty();
        assertThat(audit.page(Instant.EPOCH, 0, 100)).hasSize(9);
    }
}
