package io.dovetail.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The hub behind a real nginx and a real haproxy: both cut what comes over their connections into the same requests,
 * whatever the sender does to be read in two ways, and the next one is served.
 */
@EnabledIfSystemProperty(
        named = "fronts",
        matches = "true",
        disabledReason = "starts a real nginx and a real haproxy: ./hub test -Dtest=FrontsTest -Dfronts=true")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class FrontsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    // each takes its time, and the next ones say the same
    private static final int ENOUGH = 20;
    private static final Pattern ANSWER = Pattern.compile("HTTP/1\\.[01] [2-5]\\d\\d");
    private static final Numbers NUMBERS = new Numbers(4711);

    @TempDir
    static Path directory;

    private static HubUnderFire hub;
    private static AccessLog seen;

    @BeforeAll
    static void startAHubThatWritesDownWhatItSees() throws Exception {
        hub = HubUnderFire.in(
                directory,
                Map.of(
                        "SERVER_TOMCAT_ACCESSLOG_ENABLED",
                        "true",
                        "SERVER_TOMCAT_ACCESSLOG_DIRECTORY",
                        directory.resolve("seen").toString(),
                        "SERVER_TOMCAT_ACCESSLOG_PATTERN",
                        "%{" + Front.ID + "}i %s %{remote}p \"%r\"",
                        "SERVER_TOMCAT_ACCESSLOG_BUFFERED",
                        "false",
                        "SERVER_TOMCAT_ACCESSLOG_ROTATE",
                        "false"));
        seen = new AccessLog(directory.resolve("seen/access_log.log"));
    }

    @AfterAll
    static void stop() {
        try (var closing = hub) {
            assertThat(closing.health()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void cutsWhatComesIntoTheSameRequestsAsItsFront(Front.Kind kind) throws Exception {
        var attacks = Stream.of(new BrokenHttp(NUMBERS).attacks(), new HiddenRequests(NUMBERS).attacks())
                .flatMap(List::stream)
                .toList();
        try (var front = Front.start(
                        kind, directory.resolve(kind.name()), hub.address().port());
                var door = new HttpDoor(front.port(), hub.connectors(), hub.address()::key)) {
            var comparison = new Comparison(front);
            for (var attack : attacks) {
                var answer = door.deliver(attack.delivery().get(), Arm.SIGNED);
                comparison.after(attack, answer, door);
                if (comparison.surprises.size() >= ENOUGH) {
                    break;
                }
            }
            comparison.look().differences().forEach(said -> comparison.surprises.add("behind all cases: " + said));
            Report.line("hub behind " + kind + ": " + comparison);
            assertThat(comparison.surprises).isEmpty();
            // the next one would be harmed by what the hub took for the rest of the last one
            assertThat(comparison.together).isGreaterThan(attacks.size() / 10);
        }
    }

    /** A control: a request that only one of them has seen is named. */
    @ParameterizedTest
    @EnumSource
    void wouldNoticeARequestThatTheFrontHasNotPassedOn(Front.Kind kind) throws Exception {
        try (var front = Front.start(
                        kind,
                        directory.resolve("control-" + kind),
                        hub.address().port());
                var door = new HttpDoor(front.port(), hub.connectors(), hub.address()::key);
                var past = hub.http()) {
            var comparison = new Comparison(front);
            good(door, NUMBERS.next());
            var one = await().atMost(PATIENCE)
                    .until(
                            comparison::look,
                            now -> now.passedOn().size() == 1 && now.seen().size() == 1);
            assertThat(one.differences()).isEmpty();
            assertThat(differences(one.passedOn(), List.of())).containsExactly("1 passed on, 0 seen");
            assertThat(differences(List.of(), one.seen())).hasSize(2).contains("0 passed on, 1 seen");
            var line = one.seen().getFirst();
            assertThat(differences(one.passedOn(), List.of(line, line)))
                    .hasSize(2)
                    .contains("1 passed on, 2 seen");

            good(past, NUMBERS.next());
            var other = await().atMost(PATIENCE)
                    .until(comparison::look, now -> now.seen().size() == 2);
            assertThat(other.differences())
                    .hasSize(2)
                    .contains("1 passed on, 2 seen")
                    .anySatisfy(said -> assertThat(said).startsWith("seen, and not passed on: "));
        }
    }

    /** Told from all others by its query. */
    private static Reply good(Door door, String number) {
        var good = Template.all().getFirst().sound(number);
        return door.deliver(
                good.bent(HttpForm.of(sound -> sound.withTarget(sound.target() + "?good=" + number))), Arm.SIGNED);
    }

    private static List<String> differences(List<AccessLog.Line> passedOn, List<AccessLog.Line> seen) {
        var found = new ArrayList<String>();
        var ids = new HashSet<String>();
        passedOn.forEach(line -> ids.add(line.id()));
        for (var line : seen) {
            // whose headers the hub could not read has no id, and counts all the same
            var isUnread = line.id().equals("-") && line.state().equals("400");
            if (!ids.remove(line.id()) && !isUnread) {
                found.add("seen, and not passed on: " + line);
            }
        }
        if (passedOn.size() != seen.size()) {
            found.add(passedOn.size() + " passed on, " + seen.size() + " seen");
        }
        return found;
    }

    /** Goes through both logs case by case: what comes late is found with the next one. */
    private static final class Comparison {

        private final Front front;
        private final List<String> surprises = new ArrayList<>();
        private int seenBefore = seen.lines().size();
        private int passedOnBefore;
        private int readBefore;
        private int cases;
        private int requests;
        private int together;
        private Looked last;

        Comparison(Front front) {
            this.front = front;
            this.readBefore = front.read().size();
            this.last = look();
        }

        /** What stands in both logs since the last case. */
        private record Looked(List<AccessLog.Line> read, List<AccessLog.Line> passedOn, List<AccessLog.Line> seen) {

            List<String> differences() {
                return FrontsTest.differences(passedOn, seen);
            }

            boolean has(String number) {
                return passedOn.stream().anyMatch(line -> isGood(line, number))
                        && seen.stream().anyMatch(line -> isGood(line, number));
            }

            /** Whether the good one came to the hub by a connection by which something of the case had come. */
            boolean isTogether(String number) {
                var ports = seen.stream()
                        .collect(Collectors.partitioningBy(
                                line -> isGood(line, number),
                                Collectors.mapping(line -> line.rest().split(" ")[0], Collectors.toSet())));
                return !Collections.disjoint(ports.get(true), ports.get(false));
            }

            private static boolean isGood(AccessLog.Line line, String number) {
                return line.rest().contains("good=" + number + " ");
            }
        }

        Looked look() {
            return new Looked(
                    since(readBefore, front.read()),
                    since(passedOnBefore, front.passedOn()),
                    since(seenBefore, seen.lines()));
        }

        private static List<AccessLog.Line> since(int before, List<AccessLog.Line> lines) {
            return lines.subList(before, lines.size());
        }

        void after(Attack attack, Reply answer, Door door) {
            var number = NUMBERS.next();
            if (!(good(door, number) instanceof Reply.Taken)) {
                surprises.add(attack + ": a good delivery is not taken after it");
            }
            // of the requests that the front has read the good one is answered elsewhere
            var answers = ANSWER.matcher(answer.said()).results().count();
            try {
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(5))
                        .atMost(PATIENCE)
                        .until(
                                () -> last = look(),
                                now -> now.has(number)
                                        && now.differences().isEmpty()
                                        && answers < now.read().size());
            } catch (ConditionTimeoutException e) {
                surprises.add("%s: %s; %d answers; read %s; passed on %s; seen %s"
                        .formatted(attack, last.differences(), answers, last.read(), last.passedOn(), last.seen()));
            }
            count(number);
        }

        private void count(String number) {
            cases++;
            requests += last.seen().size();
            together += last.isTogether(number) ? 1 : 0;
            readBefore += last.read().size();
            passedOnBefore += last.passedOn().size();
            seenBefore += last.seen().size();
        }

        @Override
        public String toString() {
            return "%d cases, %d requests passed on and seen, %d good ones by a case's connection; %d surprises"
                    .formatted(cases, requests, together, surprises.size());
        }
    }
}
