package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever is cut off after an answer is told so in it: a front would give the next sender's request to that connection. */
@ExtendWith(SharedHub.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LastAnswerTest {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final byte[] NEXT = Signed.utf8("POST /in/nobody HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");

    // above what is read of a body that nobody wants
    private static final String LARGE = "x".repeat(70_000);
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";

    private final Hub hub;

    LastAnswerTest(Hub hub) {
        this.hub = hub;
    }

    private Socket connected() throws IOException {
        return connected(hub.port());
    }

    private static Socket connected(int port) throws IOException {
        var socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static boolean isRefused(int port) {
        try (var socket = connected(port)) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** The head of a delivery, but for the headers of its length. */
    private static String proved(Hub hub, byte[] body) {
        return "POST /in/jira HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Hub-Signature: sha256="
                + HexFormat.of().formatHex(hub.signed().jiraDigest(body)) + "\r\n";
    }

    private static Answer ask(Socket socket, byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        return Answer.read(socket.getInputStream());
    }

    private static String chunks(String body) {
        return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
    }

    private static void assertClosed(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException e) {
            // reset, as of whoever has not been read to his end
        }
    }

    private static Answer isToldTheEnd(Socket socket, String request) throws IOException {
        var answer = ask(socket, request.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(answer.headers()).as(answer.text()).containsEntry("connection", "close");
        assertClosed(socket);
        return answer;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /in/nobody",
                "POST /",
                "POST /api/reload",
                "PUT /in/jira",
                "GET /in/jira",
                "GET /actuator/health",
                "FOO /in/jira",
                "TRACE /in/jira",
                "POST /in//jira"
            })
    void tellsWhoseBodyIsNotReadToItsEnd(String line) throws Exception {
        var head = line + " HTTP/1.1\r\nHost: x\r\n";
        try (var socket = connected()) {
            isToldTheEnd(socket, head + CHUNKED + chunks(LARGE));
        }
        try (var socket = connected()) {
            isToldTheEnd(socket, head + "Content-Length: " + LARGE.length() + "\r\n\r\n" + LARGE);
        }
        // it might have gone on
        try (var socket = connected()) {
            isToldTheEnd(socket, head + CHUNKED + chunks("hello"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /in/jira HTTP/1.1\r\nHost: x\r\nExpect: x\r\nContent-Length: 0\r\n",
                "POST /in/jira HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 0\r\n",
                "POST /in/jira HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n",
                "POST /in/jira HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n",
                "POST /in/jira HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\nTransfer-Encoding: chunked\r\n",
                "POST /in/jira HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
                "POST /in/jira HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
                "POST /in/jira HTTP/1.1\r\nHost: x\r\n : y\r\n",
                "POST /in/jira HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n",
                "POST /in/jira HTTP/1.2\r\nHost: x\r\n",
                "POST /in/jira HTTP/1.0\r\nContent-Length: 0\r\n"
            })
    void tellsWhoBreaksHttpOrWantsNoMore(String head) throws Exception {
        try (var socket = connected()) {
            assertThat(isToldTheEnd(socket, head + "\r\n").status()).isBetween(400, 505);
        }
    }

    /** So that such a refusal costs its sender no connection. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /in/nobody HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
            })
    void keepsWhoeverIsRefusedWithASmallBodyOfAKnownLength(String request) throws Exception {
        try (var socket = connected()) {
            assertThat(ask(socket, Signed.utf8(request)).headers()).doesNotContainKey("connection");
            assertThat(ask(socket, NEXT).status()).isEqualTo(404);
        }
    }

    /** Nobody is cut off in the middle, and a front sends the next one elsewhere. */
    @Test
    void tellsWhoeverIsStillAnsweredWhileTheHubStops(@TempDir Path directory) throws Exception {
        var number = Bodies.number();
        var body = Signed.utf8(Bodies.issueCreated(number));
        var stopping = Hub.start(directory, Map.of());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var socket = connected(stopping.port())) {
            var head = proved(stopping, body) + "Expect: 100-continue\r\nContent-Length: " + body.length + "\r\n\r\n";
            // which says that the hub has it in hand
            var goOn = "HTTP/1.1 100 \r\n\r\n";
            socket.getOutputStream().write(Signed.utf8(head));
            assertThat(socket.getInputStream().readNBytes(goOn.length())).isEqualTo(Signed.utf8(goOn));
            var port = stopping.port();
            var stopped = threads.submit(stopping::close);
            await().until(() -> isRefused(port));
            var answer = ask(socket, body);
            assertThat(answer.status()).as(answer.text()).isEqualTo(202);
            assertThat(answer.headers()).containsEntry("connection", "close");
            assertClosed(socket);
            stopped.get();
        } finally {
            stopping.close();
        }
    }

    @Test
    void keepsWhoeverDeliversInChunks() throws Exception {
        try (var socket = connected()) {
            for (var number : new String[] {Bodies.number(), Bodies.number()}) {
                var body = Bodies.issueCreated(number);
                var head = proved(hub, Signed.utf8(body));
                var answer = ask(socket, Signed.utf8(head + CHUNKED + chunks(body)));
                assertThat(answer.status()).as(answer.text()).isEqualTo(202);
                assertThat(answer.headers()).doesNotContainKey("connection");
            }
        }
    }
}
