package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Senders that begin and do not come to an end: each is cut, and none waits for another. */
@ExtendWith(SharedHub.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlowSenderTest {

    private static final String HEAD = """
            POST /in/jira HTTP/1.1\r
            Host: x\r
            Content-Type: application/json\r
            """;
    private static final String PROOF = "X-Hub-Signature: sha256=" + "0".repeat(64) + "\r\n";
    private static final String BODY = "Content-Length: 1000\r\n\r\n";

    private static final String NOBODY = "POST /in/nobody HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";

    // whatever is meant to end, and what a busy machine adds
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Hub hub;

    SlowSenderTest(Hub hub) {
        this.hub = hub;
    }

    /**
     * What the hub made of a sender.
     *
     * @param answer empty where it was cut without a word
     * @param answered how long the first byte of that took, or the end where there was none
     */
    private record Ending(String answer, Duration answered, Duration cut) {

        static Ending of(Socket socket) throws IOException {
            var begun = System.nanoTime();
            var answer = new ByteArrayOutputStream();
            Duration answered = null;
            try {
                for (var b = socket.getInputStream().read();
                        b >= 0;
                        b = socket.getInputStream().read()) {
                    answered = answered == null ? since(begun) : answered;
                    answer.write(b);
                }
            } catch (SocketException e) {
                // reset, which is an end as well
            }
            var cut = since(begun);
            return new Ending(answer.toString(StandardCharsets.ISO_8859_1), answered == null ? cut : answered, cut);
        }

        private static Duration since(long begun) {
            return Duration.ofNanos(System.nanoTime() - begun);
        }
    }

    private Socket sends(String beginning) throws IOException {
        var socket = new Socket("127.0.0.1", hub.port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.getOutputStream().write(Signed.utf8(beginning));
        return socket;
    }

    private Ending isSilentAfter(String beginning) throws IOException {
        try (var socket = sends(beginning)) {
            return Ending.of(socket);
        }
    }

    private static void goOn(Socket socket) {
        try {
            socket.getOutputStream().write('x');
        } catch (IOException e) {
            // it is cut, which its reader sees
        }
    }

    /** Five seconds of silence, and not the twenty or sixty of Tomcat; fifteen between two requests. */
    @Test
    void areCutWhenNothingMoreComes() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var noBody = threads.submit(() -> isSilentAfter(HEAD + PROOF + BODY));
            var halfABody = threads.submit(() -> isSilentAfter(HEAD + PROOF + BODY + "{"));
            var halfAHead = threads.submit(() -> isSilentAfter(HEAD));
            var nothing = threads.submit(() -> isSilentAfter(""));
            var kept = threads.submit(() -> isSilentAfter(NOBODY));
            for (var answered : List.of(noBody, halfABody)) {
                assertThat(answered.get().answer).startsWith("HTTP/1.1 408 ").contains("application/problem+json");
                assertThat(answered.get().answered).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(15));
            }
            assertThat(halfAHead.get().answer).doesNotContain("HTTP/1.1 2");
            assertThat(nothing.get().answer).isEmpty();
            for (var cut : List.of(halfAHead, nothing)) {
                assertThat(cut.get().cut).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(15));
            }
            assertThat(kept.get().answer).startsWith("HTTP/1.1 404 ");
            assertThat(kept.get().cut).isBetween(Duration.ofSeconds(14), Duration.ofSeconds(30));
        }
    }

    /** Each byte comes in time, and the whole never does: ten seconds for a body, which is answered, fifteen for all. */
    @Test
    void areCutWhenTheyTrickle() throws Exception {
        try (var head = sends(HEAD + "X-Slow: ");
                // whoever looks at it from outside stumbles over its length
                var odd = sends(HEAD + "Content-Length: x\r\nX-Slow: ");
                var body = sends(HEAD + PROOF + BODY + "{");
                // beside the size of a chunk, where whoever reads the body sees nothing of it
                var chunk = sends(HEAD + PROOF + "Transfer-Encoding: chunked\r\n\r\n1;");
                // answered with 401, and goes on sending what nobody wants
                var refused = sends(HEAD + BODY + "{");
                var honest = sends("");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var ofHead = threads.submit(() -> Ending.of(head));
            var ofOdd = threads.submit(() -> Ending.of(odd));
            var ofBody = threads.submit(() -> Ending.of(body));
            var ofChunk = threads.submit(() -> Ending.of(chunk));
            var ofRefused = threads.submit(() -> Ending.of(refused));
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
                // one request after another on one connection, for just as long
                honest.getOutputStream().write(Signed.utf8(NOBODY));
                Answer.read(honest.getInputStream()).isProblem(404);
                List.of(head, odd, body, chunk, refused).forEach(SlowSenderTest::goOn);
                return Stream.of(ofHead, ofOdd, ofBody, ofChunk, ofRefused).allMatch(Future::isDone);
            });
            assertThat(ofBody.get().answer).startsWith("HTTP/1.1 503 ").contains("took more than 10 s");
            assertThat(ofBody.get().answered).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(20));
            assertThat(ofRefused.get().answer).startsWith("HTTP/1.1 401 ");
            assertThat(ofRefused.get().answered).isLessThan(ofBody.get().answered);
            assertThat(ofHead.get().answer).doesNotContain("HTTP/1.1 2");
            assertThat(ofChunk.get().answer).doesNotContain("HTTP/1.1 2");
            for (var cut : List.of(ofHead, ofOdd, ofChunk, ofRefused)) {
                assertThat(cut.get().cut).isBetween(Duration.ofSeconds(13), Duration.ofSeconds(30));
            }
        }
        hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number()))).hasStatus(202);
    }
}
