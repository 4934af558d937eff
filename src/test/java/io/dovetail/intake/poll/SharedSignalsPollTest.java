package io.dovetail.intake.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.call.AskedSystem;
import io.dovetail.counterpart.SetTransmitter;
import io.dovetail.event.FailedException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the shipped connector shared-signals fetches tokens, over the wire; here all prove what they say they do. */
class SharedSignalsPollTest {

    private static final String ROUTE = "shared-signals.stream";
    private static final String NOTHING = "{\"maxEvents\":2,\"returnImmediately\":true}";

    private final SetTransmitter transmitter = new SetTransmitter();
    private final PolledConnector poll = new PolledConnector(
                    "shared-signals",
                    Map.of("shared-signals.stream", transmitter.stream(), "shared-signals.token", SetTransmitter.TOKEN),
                    text -> text.replace("default: 20", "default: 2"))
            .isAt(null);

    @AfterEach
    void close() {
        poll.close();
        transmitter.close();
    }

    private void read() {
        poll.read(ROUTE);
    }

    private FailedException failure() {
        return poll.failsToRead(ROUTE);
    }

    @Test
    void acknowledgesWhatIsStoredWithTheNextRequestAndTellsWhatIsWrong() {
        transmitter.has("a", "token-a");
        transmitter.has("b", "refused unauthenticated");
        transmitter.has("c", "refused malformed");
        read();
        assertThat(poll.bodies()).containsExactly("token-a");
        assertThat(transmitter.acknowledged()).containsExactly("a");
        assertThat(transmitter.refused()).isEqualTo(Map.of("b", "authentication_failed", "c", "invalid_request"));
        assertThat(transmitter.asked())
                .containsExactly(
                        NOTHING,
                        "{\"maxEvents\":2,\"returnImmediately\":true,\"ack\":[\"a\"],\"setErrs\":{\"b\":{\"err\":"
                                + "\"authentication_failed\",\"description\":\"not signed as agreed\"}}}",
                        "{\"maxEvents\":2,\"returnImmediately\":true,\"setErrs\":{\"c\":{\"err\":"
                                + "\"invalid_request\",\"description\":\"malformed\"}}}");
        read();
        assertThat(transmitter.asked()).last().isEqualTo(NOTHING);
        assertThat(poll.bodies()).hasSize(1);
    }

    @Test
    void acknowledgesNothingThatIsNotStored() {
        transmitter.has("a", "token-a");
        poll.beforeStoring(() -> {
            throw new IllegalStateException("no database");
        });
        assertThatThrownBy(this::read).hasMessageContaining("no database");
        poll.beforeStoring(() -> {});
        assertThat(transmitter.acknowledged()).isEmpty();
        read();
        assertThat(poll.bodies()).containsExactly("token-a");
        assertThat(transmitter.acknowledged()).containsExactly("a");
    }

    @Test
    void saysAgainWhatMayNotHaveBeenHeard() {
        transmitter.has("a", "token-a");
        transmitter.does(AskedSystem.half(), AskedSystem.json(200, "{\"error\":1}"));
        for (var why : List.of("breaks", "no object of texts")) {
            assertThat(failure()).hasMessageContaining(why);
        }
        // it hears of the first, and nobody hears of the second
        transmitter.has("b", "token-b");
        transmitter.has("c", "token-c");
        transmitter.losesTheNextAnswer();
        assertThat(failure()).isNotNull();
        read();
        transmitter.has("d", "token-d");
        read();
        assertThat(poll.bodies()).containsExactly("token-a", "token-b", "token-c", "token-d");
        assertThat(transmitter.acknowledged()).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void takesNoMoreAtATimeThanItAskedFor() {
        transmitter.isGenerous();
        IntStream.range(0, 5).forEach(i -> transmitter.has("t" + i, "token-" + i));
        read();
        assertThat(poll.bodies()).containsExactlyInAnyOrder("token-0", "token-1", "token-2", "token-3", "token-4");
        assertThat(transmitter.asked())
                .allSatisfy(body -> assertThat(body.split("\"t\\d\"")).hasSizeLessThanOrEqualTo(3));
        assertThat(transmitter.acknowledged()).hasSize(5);
    }

    @Test
    void doesNotGoRoundInACircleWithOneWhoDoesNotListen() {
        transmitter.isDeaf(true);
        transmitter.has("a", "token-a");
        read();
        // known again by its bytes
        assertThat(poll.bodies()).containsOnly("token-a");
        assertThat(transmitter.asked()).hasSize(2);
        transmitter.isDeaf(false);
        read();
        read();
        assertThat(transmitter.asked()).last().isEqualTo(NOTHING);
    }
}
