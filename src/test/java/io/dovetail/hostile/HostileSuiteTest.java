package io.dovetail.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Hostile deliveries against a running hub, through every door: nothing but a refusal, a dead letter or a true event
 * comes of them, no canary is touched, and who has done nothing is served after each.
 *
 * <p>The build fires a few of a seed, and begins no further case when the time for them is up. {@code ./hub test
 * -Dtest=HostileSuiteTest -Dhostile.cases=all} fires all there are, a number as many as one likes, and {@code
 * -Dhostile.seed=N} the same again.
 */
@Timeout(value = 3, unit = TimeUnit.HOURS)
class HostileSuiteTest {

    private static final long SEED = Long.getLong("hostile.seed", 4711);
    private static final boolean WHOLE = "all".equals(System.getProperty("hostile.cases"));
    private static final int CASES = WHOLE ? Integer.MAX_VALUE : Integer.getInteger("hostile.cases", 160);
    private static final int CELLS = WHOLE ? Integer.MAX_VALUE : Integer.getInteger("hostile.cells", 40);

    /** For each of the nine campaigns, so that a build is through them within three minutes on a slow machine, too. */
    private static final Duration AT_MOST =
            System.getProperty("hostile.cases") == null ? Duration.ofSeconds(12) : Duration.ofHours(3);

    /** The doors of the hub that is shot at, and the part of the cases that is fired through each. */
    enum Entrance {
        HTTP(HubUnderFire::http, 1),
        AMQP(HubUnderFire::amqp, 4),
        KAFKA(HubUnderFire::kafka, 4);

        private final Function<HubUnderFire, Door> opening;
        private final int part;

        Entrance(Function<HubUnderFire, Door> opening, int part) {
            this.opening = opening;
            this.part = part;
        }
    }

    @TempDir
    static Path directory;

    private static final Map<String, Tally> TALLIES = new LinkedHashMap<>();
    private static final Tally ALL = new Tally();
    private static final long BEGUN = System.nanoTime();
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
        TALLIES.forEach((door, tally) -> Report.line(tally.line("hostile suite over " + door, SEED)));
        Report.line("%s; %d s"
                .formatted(
                        ALL.line("hostile suite in all", SEED),
                        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - BEGUN)));
        hub.close();
    }

    private static void fire(String what, Door door, List<Attack> attacks) {
        var begun = System.nanoTime();
        var campaign = new Campaign(door, hub, hub.canaries(), numbers);
        var found = campaign.run(attacks, AT_MOST);
        System.out.printf(
                "%s; %d s%n",
                campaign.tally().line(what + " over " + door.name(), SEED),
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
        TALLIES.computeIfAbsent(door.name(), name -> new Tally()).add(campaign.tally());
        ALL.add(campaign.tally());
        assertThat(found).as("-Dhostile.seed=%d", SEED).isEmpty();
        // a machine may be slow, and the least is tried all the same
        assertThat(campaign.tally().cases()).isGreaterThan(attacks.size() / 10);
    }

    @ParameterizedTest
    @EnumSource
    void servesTheGoodAndRefusesOrParksTheRest(Entrance entrance) {
        var catalogue = new Catalogue(words, numbers, new Random(SEED + entrance.ordinal()));
        try (var door = entrance.opening.apply(hub)) {
            fire(
                    "catalogue",
                    door,
                    WHOLE ? catalogue.all(door, entrance.part) : catalogue.some(CASES / entrance.part, door));
        }
    }

    @ParameterizedTest
    @EnumSource
    void isSteeredByNoName(Entrance entrance) {
        try (var door = entrance.opening.apply(hub)) {
            var cells = new SteeringHeaders(words, numbers).cells(door);
            assertThat(cells).hasSize(entrance == Entrance.HTTP ? 2_400 : 1_920);
            fire("names", door, some(cells, CELLS));
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesOrParksThePublicSuiteOfJson(Entrance entrance) {
        assumeTrue(JsonSuite.isHere(), "../shared/corpora is not here");
        try (var door = entrance.opening.apply(hub)) {
            fire("JSON suite", door, some(new JsonSuite(numbers).attacks(), CASES / 8));
        }
    }

    /** Whatever is on its class path opens no door of its own. */
    @Test
    void listensOnThePortsThatItWasToldAndNoOther() throws IOException {
        assumeTrue(OpenPort.areTold(), "/proc is not here");
        var address = hub.address();
        assertThat(OpenPort.of(address.pid()))
                .containsExactlyInAnyOrder(
                        new OpenPort(address.port(), true),
                        new OpenPort(address.managementPort(), false),
                        new OpenPort(address.amqpPort(), false));
        var postgres = Files.readAllLines(directory.resolve("data/postgres/postmaster.pid"));
        assertThat(OpenPort.of(Long.parseLong(postgres.getFirst().strip())))
                .containsExactly(new OpenPort(Integer.parseInt(postgres.get(3).strip()), false));
    }

    private static List<Attack> some(List<Attack> all, int count) {
        var shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(SEED));
        return shuffled.subList(0, Math.min(shuffled.size(), count));
    }

    @Test
    void letsNoCredentialWorkForAnother() {
        try (var door = hub.http()) {
            var crossing = new Crossing(hub, door, numbers);
            storesNothing(crossing::credentialsAtOtherDoors);
            storesNothing(crossing::credentialsOfOtherKinds);
            crossing.sendersInTheNameOfOthers();
            crossed("webhooks", crossing.refused(), crossing.surprises());
        }
    }

    @Test
    void letsNoUserOfTheBrokerBeAnother() {
        try (var door = hub.amqp()) {
            var crossing = new QueueCrossing(hub, door, numbers);
            storesNothing(crossing::passwordsOfOthers);
            storesNothing(crossing::secretsOfWebhooks);
            storesNothing(crossing::addressesOfOthers);
            crossed("queues", crossing.refused(), crossing.surprises());
        }
    }

    private static void storesNothing(Runnable crossing) {
        var before = hub.stored();
        crossing.run();
        assertThat(hub.stored()).isEqualTo(before);
    }

    private static void crossed(String what, int refused, List<Surprise> found) {
        Report.line("credentials crossed at %s: %d refused; %d surprises".formatted(what, refused, found.size()));
        assertThat(found).isEmpty();
        assertThat(refused).isGreaterThan(100);
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
                    EnumSet.of(Ending.PARKED),
                    () -> order.delivery(number, Template.bytes(body)).from("acme"));
            fire("claimed sender", door, List.of(attack));
        }
    }

    /** Small when they arrive and large when they are read, many at once and each with its sender's proof. */
    @Test
    void isNotFilledByBodiesThatUnfold() throws Exception {
        var template = Template.all().getFirst();
        var taken = 0;
        try (var door = hub.http();
                var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var unit : List.of("{},", "[".repeat(30) + "]".repeat(30) + ",")) {
                var beside = "{\"beside\": [" + unit.repeat(900_000 / unit.length()) + "0],";
                var replies = IntStream.range(0, 16)
                        .mapToObj(n -> senders.submit(() -> {
                            var number = numbers.next();
                            var body = beside + template.with(number).strip().substring(1);
                            return door.deliver(template.delivery(number, Template.bytes(body)), Arm.SIGNED);
                        }))
                        .toList();
                for (var reply : replies) {
                    assertThat(reply.get().said()).as(unit).containsPattern("^HTTP/1.1 (202|503)");
                    taken += reply.get() instanceof Reply.Taken ? 1 : 0;
                }
            }
            assertThat(taken).isPositive();
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(hub.inFlight()).isZero());
            fire(
                    "after bodies that unfold",
                    door,
                    List.of(Attack.of(
                            "after bodies that unfold",
                            "a good one",
                            Ending.ACCEPTANCE,
                            () -> template.sound(numbers.next()))));
        }
    }

    /** A control: whoever has the right password is let in, and the doors of queues say so. */
    @Test
    void wouldNoticeAUserWhoIsLetIn() {
        var stored = hub.stored();
        var delivery = Template.all().getFirst().sound(numbers.next());
        try (var door = hub.amqp()) {
            var password = hub.address().secret("jira.amqp");
            assertThat(door.tried("in.jira", password, "in.jira", delivery)).isInstanceOf(Reply.Wrong.class);
            assertThat(door.reads("workflow", hub.address().secret("bus.workflow"), "hub.events::workflow"))
                    .isTrue();
        }
        await().until(hub::stored, now -> now == stored + 1);
    }

    /** A control: a topic to which another system may write is found. */
    @Test
    void wouldNoticeATopicThatIsOpenToOthers() throws Exception {
        var stored = hub.stored();
        var taken = new AtomicInteger();
        try (var door = hub.kafka()) {
            Callable<Reply> other = () -> {
                var reply = door.asAnother(Template.all().getFirst().sound(numbers.next()));
                taken.addAndGet(reply instanceof Reply.Wrong ? 1 : 0);
                return reply;
            };
            hub.topics().open();
            await().until(other, Reply.Wrong.class::isInstance);
            hub.topics().shut();
            await().until(other, Reply.Refused.class::isInstance);
        }
        await().until(hub::stored, now -> now == stored + taken.get());
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
