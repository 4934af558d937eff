package io.dovetail.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hubs and doors with a fault each: the campaign must name it, or its silence about the real hub is worth nothing. */
class HostileControlsTest {

    private static final List<Attack> ATTACKS = Collections.nCopies(50, FaultyHub.ATTACK);

    @TempDir
    Path directory;

    private List<String> surprises(FaultyHub.Fault fault) throws Exception {
        try (var canaries = Canaries.in(directory, null);
                var hub = new FaultyHub(fault, canaries)) {
            var campaign = new Campaign(hub, hub, canaries, new Numbers(1));
            // somebody who connects to the canary may be noticed only a moment later
            return campaign.run(ATTACKS, Duration.ofMinutes(10)).stream()
                    .map(Surprise::toString)
                    .toList();
        }
    }

    @Test
    void findsNothingInAHubWithoutFault() throws Exception {
        assertThat(surprises(FaultyHub.Fault.NONE)).isEmpty();
    }

    @Test
    void triesLittleMoreThanATenthWhenItsTimeIsUpAndSaysSo() throws Exception {
        try (var canaries = Canaries.in(directory, null);
                var hub = new FaultyHub(FaultyHub.Fault.NONE, canaries)) {
            var campaign = new Campaign(hub, hub, canaries, new Numbers(1));
            campaign.run(ATTACKS, Duration.ZERO);
            assertThat(campaign.tally().line("all", 1)).startsWith("all: 6 of 50 cases tried, then its time was up;");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            FAILS                  | it answers 500
            TAKES_THE_UNPROVED     | taken without a proof
            REFUSES_THE_GOOD       | a good delivery is not taken
            FETCHES                | connected to the canary's port
            SHOWS_A_FILE           | holds what is in the canary's file
            WRITES_A_FILE          | the canary's folder holds secret.txt touched
            CHANGES_A_FILE         | the canary's file was written to
            WAKES_A_CLASS          | the canary's folder holds bait secret.txt
            STORES_WHAT_IT_REFUSES | deliveries are stored, but
            PARKS_AS_POISON        | content made a failure of kind
            ENDS_OTHERWISE         | should have been one of [ACCEPTED]
            SAYS_OTHERWISE         | another text arrived: as it was not
            LOGS_A_TRACE           | the hub's log
            LOSES_COUNT            | the books do not balance
            BURNS                  | s of CPU went
            """)
    void namesAFault(FaultyHub.Fault fault, String said) throws Exception {
        assertThat(surprises(fault)).anySatisfy(surprise -> assertThat(surprise).contains(said));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 500 X~~                                                        | it answers 500
            HTTP/1.1 503 X~~                                                        | it answers 503
            HTTP/1.1 302 X~Location: /x~~                                           | it answers 302
            HTTP/1.1 501 X~~                                                        | it answers 501
            HTTP/1.1 400 X~~HTTP/1.1 404 X~~                                        | it answers 2 times
            HTTP/1.1 202 X~~{}                                                      | without an id
            HTTP/1.1 400 X~~java.lang.IllegalStateException                         | tells of Exception
            HTTP/1.1 400 X~~<html>                                                  | tells of <html
            ''                                                                      | without an answer
            """)
    void namesWhatADoorMayNotAnswer(String answer, String said) throws Exception {
        var problems = new Problems();
        var connectors = Configuration.read(Path.of(""), problems).connectors();
        try (var server = new CannedServer(answer.replace("~", "\r\n"));
                var door = new HttpDoor(server.port(), connectors, name -> "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")) {
            var reply = door.deliver(Template.all().getFirst().sound("17"), Arm.SIGNED);
            assertThat(reply)
                    .isInstanceOfSatisfying(
                            Reply.Wrong.class, wrong -> assertThat(wrong.why()).contains(said));
        }
    }
}
