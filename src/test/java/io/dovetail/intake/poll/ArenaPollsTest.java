package io.dovetail.intake.poll;

import static io.dovetail.camel.ShopRoute.failure;
import static io.dovetail.camel.ShopRoute.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.call.AskedSystem;
import io.dovetail.camel.ShopRoute;
import io.dovetail.counterpart.ArenaDouble;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the shipped connector arena reads from the queue, over the wire, and what it takes off. */
class ArenaPollsTest {

    private static final String ROUTE = "arena.events";

    private final ArenaDouble arena = new ArenaDouble();
    private final PolledConnector connector = new PolledConnector("arena", arena.secrets(), text -> text);
    private final ShopRoute route = new ShopRoute("arena", arena.secrets(), ".order.number");

    @AfterEach
    void close() {
        connector.close();
        route.close();
        arena.close();
    }

    private void queueThree() {
        arena.queues("E1", "2026-05-01T10:00:00Z", "CHANGE", "changes", "C1");
        arena.queues("E2", "2026-05-01T10:01:00Z", "QUALITY", "qualityprocesses", "Q1", "Q2");
        arena.queues("E3", "2026-05-01T10:02:00Z", "CHANGE", "changes", "C1");
    }

    @Test
    void readsTheOldestFirstWhicheverEndItIsShownAtAndTakesOffAll() {
        queueThree();
        arena.showsAtATime(2);
        connector.read(ROUTE);
        assertThat(connector.stored("/event/guid")).containsExactly("E1", "E2", "E2", "E3");
        assertThat(connector.stored("/resource/guid")).containsExactly("C1", "Q1", "Q2", "C1");
        assertThat(connector.stored("/object/number")).containsExactly("ECO-C1", "ECO-Q1", "ECO-Q2", "ECO-C1");
        assertThat(arena.left()).isEmpty();
        queueThree();
        arena.showsTheOldestFirst();
        connector.bodies().clear();
        connector.read(ROUTE);
        assertThat(connector.stored("/event/guid")).containsExactly("E1", "E2", "E2", "E3");
    }

    @Test
    void readsWithAChangeWhatTheMappingWantsOfItsItems() {
        arena.queues("E1", "2026-05-01T10:00:00Z", "CHANGE", "changes", "C1");
        arena.moves("C1", "EFFECTIVE");
        connector.read(ROUTE);
        assertThat(connector.stored().getFirst().at("/items").toString())
                .isEqualTo(
                        "{\"count\":1,\"results\":[{\"affectedItemRevision\":{\"number\":\"0000471\",\"revisionNumber\":"
                                + "\"A\"},\"newRevisionNumber\":\"B\",\"dispositionAttributes\":[{\"name\":\"In Stock\","
                                + "\"value\":\"Rework\"}]}]}");
        // of others it is not asked, since the day's requests are few
        arena.queues("E2", "2026-05-01T11:00:00Z", "CHANGE", "changes", "C1");
        arena.moves("C1", "CANCELED");
        connector.read(ROUTE);
        assertThat(connector.stored().getLast().has("object")).isFalse();
    }

    @Test
    void takesNothingOffTheQueueBeforeItIsStored() {
        queueThree();
        connector.beforeStoring(() -> {
            throw new IllegalStateException("the database is away");
        });
        assertThatThrownBy(() -> connector.read(ROUTE)).hasMessageContaining("the database is away");
        assertThat(arena.asked()).noneMatch(line -> line.startsWith("PUT"));
        assertThat(arena.left()).hasSize(4);
    }

    @Test
    void takesOffWhatIsStoredThoughArenaDidNotHearItTheFirstTimeAndTellsItOnce() {
        queueThree();
        arena.answersTheNextReconciliation(AskedSystem.json(500, ArenaDouble.error(1, "later")));
        assertThat(connector.failsToRead(ROUTE).failure().rule()).isEqualTo("status 500");
        // meanwhile it is another thing than it was when it was stored
        arena.moves("C1", "COMPLETED");
        connector.read(ROUTE);
        assertThat(connector.stored("/event/guid")).containsExactly("E1", "E2", "E2", "E3");
        assertThat(arena.left()).isEmpty();
    }

    @Test
    void doesNotTurnRoundWhenArenaTakesNothingOff() {
        queueThree();
        arena.takesNothingOff();
        assertThat(connector.failsToRead(ROUTE).getMessage())
                .contains("see whether the hub's user is an administrator");
        assertThat(connector.stored("/event/guid")).containsExactly("E1");
        assertThat(arena.left()).hasSize(4);
    }

    @Test
    void logsInAgainWhenTheSessionIsOver() {
        queueThree();
        connector.beforeStoring(arena::endsTheSession);
        connector.read(ROUTE);
        assertThat(connector.stored()).hasSize(4);
        assertThat(arena.left()).isEmpty();
        assertThat(arena.logins()).isEqualTo(5);
    }

    @Test
    void leavesTheDaysLastRequestsToOthersAndSaysSo() {
        arena.allows(103);
        queueThree();
        var failure = connector.failsToRead(ROUTE);
        assertThat(failure.failure().rule()).isEqualTo("allowance");
        assertThat(failure.getMessage())
                .contains("allows 100 more requests until")
                .contains("ask the vendor for more");
        assertThat(failure.notBefore()).isEqualTo(Duration.ofHours(1));
        var asked = arena.asked().size();
        assertThat(asked).isEqualTo(3);
        assertThat(connector.failsToRead(ROUTE).failure().rule()).isEqualTo("allowance");
        assertThat(arena.asked()).hasSize(asked);
        // the last ones are spread over the ten hours until there are more
        assertThat(connector.callers().pace("arena")).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(7));
        assertThat(connector.meters().get("hub_calls_allowance_left").gauge().value())
                .isEqualTo(100);
    }

    /** As the vendor's documentation prints one. */
    @Test
    void saysWhereAnAnswerIsNoJsonAndTakesNothingOff() {
        queueThree();
        arena.showsNext("{\n    \"count\": 6,\n    \"results\": [\n       ...\n    ]\n}\n");
        assertThat(connector.failsToRead(ROUTE).getMessage())
                .contains("cannot be read")
                .contains("line 4");
        arena.showsNext("{\"count\": 6}");
        assertThat(connector.failsToRead(ROUTE).getMessage()).contains("has not said which events are in the queue");
        assertThat(arena.left()).hasSize(4);
        connector.read(ROUTE);
        assertThat(arena.left()).isEmpty();
    }

    private static final String COMPLETE = set("changeId", ".order.number")
            + set("comment", "\"Done with order \" + .order.number") + "- to: kamelet:arena-complete\n";

    @Test
    void completesAChangeOnceAndNoneThatIsNotEffective() {
        arena.moves("C1", "EFFECTIVE");
        route.run(COMPLETE, "C1");
        route.run(COMPLETE, "C1");
        assertThat(arena.asked())
                .containsExactly(
                        "GET /v1/changes/C1",
                        "POST /v1/changes/statuschanges {\"change\":{\"guid\":\"C1\"},\"status\":\"COMPLETED\",\"comment\":"
                                + "\"Done with order C1\"}",
                        "GET /v1/changes/C1");
        arena.moves("C2", "APPROVED");
        assertThat(failure(() -> route.run(COMPLETE, "C2")).getMessage())
                .contains("the change C2 is APPROVED in Arena");
        arena.endsTheSession();
        arena.moves("C3", "EFFECTIVE");
        route.run(COMPLETE, "C3");
        assertThat(arena.logins()).isEqualTo(2);
    }
}
