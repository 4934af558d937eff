package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
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

    private static final String NO_BODY = "Content-Length: 0\r\n\r\n";

    // five seconds of silence or fifteen of trickling, and what a busy machine adds
    private static final Duration CUT_WITHIN = Duration.ofSeconds(40);

    private final Hub hub;

    SlowSenderTest(Hub hub) {
        this.hub = hub;
    }

    private Socket sends(String beginning) throws IOException {
        var socket = new Socket("127.0.0.1", hub.port());
        socket.setSoTimeout((int) CUT_WITHIN.toMillis());
        socket.getOutputStream().write(Signed.utf8(beginning));
        return socket;
    }

    /** What the hub answers until it closes the connection. */
    private String untilItIsCut(String beginning) throws IOException {
        try (var socket = sends(beginning)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException e) {
            return "";
        }
    }

    private static boolean isCut(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void areCutWhenNothingMoreComes() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var noBody = threads.submit(() -> untilItIsCut(HEAD + PROOF + BODY));
            var halfABody = threads.submit(() -> untilItIsCut(HEAD + PROOF + BODY + "{"));
            var halfAHead = threads.submit(() -> untilItIsCut(HEAD));
            var nothing = threads.submit(() -> untilItIsCut(""));
            for (var answered : List.of(noBody, halfABody)) {
                assertThat(answered.get()).startsWith("HTTP/1.1 408 ").contains("application/problem+json");
            }
            assertThat(halfAHead.get()).doesNotContain("HTTP/1.1 2");
            assertThat(nothing.get()).isEmpty();
        }
    }

    /** Each byte comes in time, and the whole never does. */
    @Test
    void areCutWhenTheyTrickle() throws IOException {
        try (var head = sends(HEAD + "X-Slow: ");
                var body = sends(HEAD + PROOF + BODY + "{");
                // answered with 401, and goes on sending what nobody wants
                var refused = sends(HEAD + BODY + "{");
                var honest = sends("")) {
            var open = new ArrayList<>(List.of(head, body, refused));
            await().atMost(CUT_WITHIN).pollInterval(Duration.ofMillis(200)).until(() -> {
                // one request after another on one connection, for just as long
                honest.getOutputStream().write(Signed.utf8("POST /in/nobody HTTP/1.1\r\nHost: x\r\n" + NO_BODY));
                Answer.read(honest.getInputStream()).isProblem(404);
                open.removeIf(SlowSenderTest::isCut);
                return open.isEmpty();
            });
        }
        hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number()))).hasStatus(202);
    }
}
