package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dovetail.ledger.Versions.Held;
import io.dovetail.ledger.Versions.Kept;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class VersionsTest {

    private int minutes;
    private DataSource database;
    private Transactions transactions;
    private Versions versions;

    @BeforeEach
    void fresh(DataSource database) {
        this.database = database;
        transactions = Transactions.takeOver(database, new MinuteByMinute(), 1);
        versions = new Versions(transactions);
    }

    private final class MinuteByMinute extends Clock {

        @Override
        public Instant instant() {
            return at(minutes);
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

    private static Instant at(int minute) {
        return Store.NOW.plusSeconds(60L * minute);
    }

    private void live(int minute, String hash, String actor) {
        minutes = minute;
        versions.goLive(hash, Store.utf8("files of " + hash), Actor.of(actor));
    }

    @Test
    void listsWhatWasLiveAndSinceWhenAndByWhom() {
        live(1, "aa", "start");
        live(2, "bb", "admin");
        // a start with what is live already changes nothing
        live(3, "bb", "start");
        live(4, "cc", "admin");
        live(5, "aa", "admin");
        live(6, "aa", "start");
        assertThat(versions.list(100))
                .containsExactly(
                        new Kept("aa", at(1), at(5), null, "admin", null, null),
                        new Kept("cc", at(4), at(4), at(5), "admin", null, null),
                        new Kept("bb", at(2), at(2), at(4), "admin", null, null));
        assertThat(versions.list(2)).extracting(Kept::hash).containsExactly("aa", "cc");
        assertThat(versions.files("bb")).contains(Store.utf8("files of bb"));
        assertThat(versions.files("b")).isEmpty();
    }

    @Test
    void holdsWhatWasRolledBackToUntilOtherFilesGoLive() {
        live(1, "aa", "start");
        live(2, "bb", "admin");
        assertThat(versions.held()).isEmpty();
        minutes = 3;
        var held = new Held("aa", "bb", "totals are gone");
        versions.rollBack(held, new Actor("ada", "repairer"));
        assertThat(versions.held()).contains(held);
        minutes = 4;
        var settings = JsonNodeFactory.instance.objectNode().put("hub.data", "/d");
        versions.begin("aa", Store.utf8("files of aa"), held, settings);
        assertThat(versions.held()).contains(held);
        assertThat(versions.list(2))
                .containsExactly(
                        new Kept("aa", at(1), at(3), null, "ada", "totals are gone", "bb"),
                        new Kept("bb", at(2), at(2), at(3), "admin", null, null));
        var row = new AuditLog(transactions).page(null, 0, 10).get(2);
        assertThat(row.action()).isEqualTo("rollback");
        assertThat(row.actor()).isEqualTo("ada");
        assertThat(row.reason()).isEqualTo("totals are gone");
        assertThat(row.detail()).isEqualTo("{\"from\":\"bb\",\"insteadOf\":\"bb\"}");
        var start = new AuditLog(transactions).page(null, 0, 10).get(3);
        assertThat(start.action()).isEqualTo("configuration");
        assertThat(start.actor()).isEqualTo("start");
        assertThat(start.detail()).isEqualTo("{\"settings\":{\"hub.data\":\"/d\"}}");
        // what comes last counts, also after the clock went back
        live(2, "cc", "admin");
        assertThat(versions.held()).isEmpty();
        assertThat(versions.list(1)).extracting(Kept::insteadOf).containsOnlyNulls();
    }

    @Test
    void canBeReadBeforeTheDatabaseIsTakenOver() {
        live(1, "aa", "start");
        var reader = new Versions(Transactions.toRead(database));
        assertThat(reader.files("aa")).isPresent();
        assertThatThrownBy(() -> reader.goLive("aa", Store.utf8("x"), Actor.of("start")))
                .isInstanceOf(FencedException.class);
    }

    @Test
    void findsThemByTheBeginning() {
        live(1, "3c02", "start");
        live(2, "3c1f", "admin");
        live(3, "3c1e", "admin");
        assertThat(versions.named("3c0")).containsExactly("3c02");
        assertThat(versions.named("3c1e")).containsExactly("3c1e");
        assertThat(versions.named("3")).hasSize(2);
        assertThat(versions.named("c0")).isEmpty();
        assertThat(versions.named("3c02a")).isEmpty();
        assertThat(versions.named("%")).isEmpty();
    }
}
