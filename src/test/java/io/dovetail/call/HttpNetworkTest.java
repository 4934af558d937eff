package io.dovetail.call;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Java's client, held to what a hub may do with it, by a system that misbehaves. */
class HttpNetworkTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final AskedSystem crm = AskedSystem.start();
    private final HttpNetwork network = new HttpNetwork();

    @AfterEach
    void stop() {
        network.close();
        crm.close();
    }

    private Answer get(String path, Duration within) throws IOException, InterruptedException {
        return network.send(
                new Request.Outgoing("GET", URI.create(crm.url() + path), Map.of("X-Tenant", "acme"), null), within);
    }

    @Test
    void sendsWhatTheRequestHolds() throws Exception {
        crm.does(AskedSystem.json(200, "{\"name\": \"Müller\"}", "Retry-After", "7"));
        var answer = get("/customers/47%2F11?active=true", PATIENCE);
        assertThat(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("Müller");
        assertThat(answer.retryAfter()).isEqualTo("7");
        assertThat(answer.contentType()).isEqualTo("application/json");
        var seen = crm.seen().getFirst();
        assertThat(seen.target()).isEqualTo("/customers/47%2F11?active=true");
        assertThat(seen.header("X-Tenant")).isEqualTo("acme");
        network.send(
                new Request.Outgoing(
                        "POST", URI.create(crm.url()), Map.of("Content-Type", "application/json"), new byte[] {'{', '}'
                        }),
                PATIENCE);
        assertThat(crm.seen().getLast().body()).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void followsNoRedirect(int status) throws Exception {
        try (var evil = AskedSystem.start()) {
            crm.does(AskedSystem.json(status, "{}", "Location", evil.url() + "/steal"));
            assertThat(get("/", PATIENCE).status()).isEqualTo(status);
            assertThat(evil.seen()).isEmpty();
        }
    }

    @Test
    void keepsNoCookies() throws Exception {
        crm.does(AskedSystem.json(200, "{}", "Set-Cookie", "session=1; Path=/"));
        get("/", PATIENCE);
        get("/", PATIENCE);
        assertThat(crm.seen())
                .allSatisfy(seen -> assertThat(seen.header("Cookie")).isNull());
    }

    @Test
    void takesNoMoreThanAnAnswerMayHave() throws Exception {
        crm.does(AskedSystem.json(200, "x".repeat(Answer.MAX_BYTES)));
        assertThat(get("/", PATIENCE).cut()).isFalse();
        crm.does(AskedSystem.json(200, "x".repeat(Answer.MAX_BYTES + 1)));
        var answer = get("/", PATIENCE);
        assertThat(answer.cut()).isTrue();
        assertThat(answer.body()).hasSize(Answer.MAX_BYTES);
    }

    /** Without an end of its own such an answer would be read for hours. */
    @Test
    void stopsTakingAnAnswerThatNeverEnds() throws Exception {
        crm.does(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            var piece = new byte[64 << 10];
            while (true) {
                exchange.getResponseBody().write(piece);
            }
        });
        assertThat(get("/", PATIENCE).cut()).isTrue();
    }

    @Test
    void endsInTimeWhateverTheSystemDoes() {
        crm.does(crm.silence());
        assertThatThrownBy(() -> get("/", SHORT)).isInstanceOf(HttpTimeoutException.class);
        crm.does(crm.trickle());
        assertThatThrownBy(() -> get("/", SHORT)).isInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void tellsBrokenConnectionsFromAnswers() {
        crm.does(AskedSystem.half());
        assertThatThrownBy(() -> get("/", PATIENCE))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpTimeoutException.class);
        crm.does(com.sun.net.httpserver.HttpExchange::close);
        assertThatThrownBy(() -> get("/", PATIENCE)).isInstanceOf(IOException.class);
        var closed = AskedSystem.start();
        closed.close();
        var nobody = new Request.Outgoing("GET", URI.create(closed.url()), Map.of(), null);
        assertThatThrownBy(() -> network.send(nobody, PATIENCE)).isInstanceOf(ConnectException.class);
        var unknown = new Request.Outgoing("GET", URI.create("http://nobody.invalid/"), Map.of(), null);
        assertThatThrownBy(() -> network.send(unknown, PATIENCE)).isInstanceOf(ConnectException.class);
    }

    @Test
    void speaksOnlyTlsWhereItIsToSpeakTls() throws Exception {
        try (var plain = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var answering = Thread.ofPlatform().start(() -> {
                try (var socket = plain.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
                    socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                    // the other side is as it should be
                }
            });
            var insecure = new Request.Outgoing(
                    "GET", URI.create("https://127.0.0.1:" + plain.getLocalPort()), Map.of(), null);
            assertThatThrownBy(() -> network.send(insecure, PATIENCE)).isInstanceOf(SSLException.class);
            answering.join();
        }
    }

    @Test
    void letsGoWhenItIsToldToStop() throws Exception {
        crm.does(crm.silence());
        var failure = new java.util.concurrent.CompletableFuture<Throwable>();
        var asking = Thread.ofPlatform().start(() -> {
            try {
                get("/", Duration.ofMinutes(5));
            } catch (IOException | InterruptedException e) {
                failure.complete(e);
            }
        });
        org.awaitility.Awaitility.await().until(() -> !crm.seen().isEmpty());
        asking.interrupt();
        assertThat(failure.get(20, java.util.concurrent.TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }
}
