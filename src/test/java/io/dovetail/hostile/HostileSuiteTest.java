package io.dovetail.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of hostile deliveries against a running hub: nothing but a refusal, a dead letter or a true event comes of
 * them, no canary is touched, and who has done nothing is served all the while.
 *
 * <p>{@code ./hub test -Dtest=HostileSuiteTest -Dhostile.cases=5000 -Dhostile.cells=2400} fires as much as one likes,
 * and asks for good service after each; {@code -Dhostile.seed=N} fires the same again.
 */
@Timeout(value = 3, unit = TimeUnit.HOURS)
class HostileSuiteTest {

    private static final long SEED = Long.getLong("hostile.seed", 4711);
    private static final int WHOLE = 5_000;

    @TempDir
    static Path directory;

    private static HubUnderFire hub;
    private static Numbers numbers;
    private static Words words;

    @BeforeAll
    static void start() throws Exception {
        hub = HubUnderFire.in(directory);
        numbers = new Numbers(SEED);
        words = new Words(hub.canaries());
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static void fire(Door door, List<Attack> attacks) {
        var campaign = new Campaign(door, hub, hub.canaries(), numbers, attacks.size() >= WHOLE ? 1 : 10);
        var surprises = campaign.run(attacks);
        System.out.println(campaign.tally().line(door.name(), surprises.size(), SEED));
        assertThat(surprises).as("-Dhostile.seed=%d", SEED).isEmpty();
    }

    @Test
    void servesTheGoodAndRefusesOrParksTheRest() {
        var catalogue = new Catalogue(words, numbers, new Random(SEED));
        try (var door = hub.http()) {
            fire(door, catalogue.some(Integer.getInteger("hostile.cases", 1_000)));
        }
    }

    @Test
    void takesFromQueuesWhatItCanParkAndNoMore() {
        var catalogue = new Catalogue(words, numbers, new Random(SEED));
        try (var door = hub.amqp()) {
            fire(door, catalogue.some(Integer.getInteger("hostile.cases", 1_000) / 4));
        }
    }

    @Test
    void isSteeredByNoNameInARequest() {
        try (var door = hub.http()) {
            assertThat(steer(door)).isEqualTo(2_400);
        }
    }

    @Test
    void isSteeredByNoNameInAMessage() {
        try (var door = hub.amqp()) {
            steer(door);
        }
    }

    private static int steer(Door door) {
        var cells = new SteeringHeaders(words, numbers).cells(door);
        Collections.shuffle(cells, new Random(SEED));
        fire(door, cells.subList(0, Math.min(cells.size(), Integer.getInteger("hostile.cells", 200))));
        return cells.size();
    }

    @Test
    void letsNoCredentialWorkForAnother() {
        try (var door = hub.http()) {
            var crossing = new Crossing(hub, door, numbers);
            crossing.credentialsAtOtherDoors();
            crossing.credentialsOfOtherKinds();
            crossing.sendersInTheNameOfOthers();
            System.out.printf(
                    "crossed: %d refused; surprises %d%n",
                    crossing.refused(), crossing.surprises().size());
            assertThat(crossing.surprises()).isEmpty();
            assertThat(crossing.refused()).isGreaterThan(100);
        }
    }

    @Test
    void parksWhatASenderSaysInTheNameOfAnother() {
        try (var door = hub.http()) {
            var number = numbers.next();
            var order = Template.all().get(3);
            var body = order.with(number).strip().replaceFirst("\\{", "{\"partner\": \"globex\", ");
            var attack = Attack.of(
                    "claimed sender",
                    "acme as globex",
                    java.util.EnumSet.of(Ending.PARKED),
                    () -> order.delivery(number, Template.bytes(body)).from("acme"));
            fire(door, List.of(attack));
        }
    }

    /** A control: the row is the hub's to harm, and is looked at. */
    @Test
    void wouldNoticeATouchedRow() throws Exception {
        assertThat(hub.canaries().row()).isEmpty();
        hub.sql("update canary set text = 'croaks'");
        assertThat(hub.canaries().row()).isNotEmpty();
        hub.sql("drop table canary");
        assertThat(hub.canaries().row()).isNotEmpty();
        hub.sql("create table canary as select 'sings' as text");
        assertThat(hub.canaries().row()).isEmpty();
    }
}
