package io.dovetail.call;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A real little system that routes ask, which does whatever a test wants it to do. */
public final class AskedSystem implements AutoCloseable {

    /** What came over the wire. */
    public record Seen(String method, String target, com.sun.net.httpserver.Headers headers, String body) {

        public String header(String name) {
            return headers.getFirst(name);
        }

        /** Whether it says, by basic authentication, that it is from this user. */
        public boolean isFrom(String userAndPassword) {
            var pair = Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
            return ("Basic " + pair).equals(header("Authorization"));
        }
    }

    /** Answers one request, or does not. */
    @FunctionalInterface
    public interface Behaviour {
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Function<Seen, Behaviour> behaviour = request -> json(200, "{}");

    private AskedSystem(HttpServer server) {
        this.server = server;
    }

    public static AskedSystem start() {
        return start(0);
    }

    /** @param port 0 for a free one */
    public static AskedSystem start(int port) {
        try {
            var address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port);
            var system = new AskedSystem(HttpServer.create(address, 100));
            system.server.setExecutor(system.threads);
            system.server.createContext("/", system::handle);
            system.server.start();
            return system;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** From now on, with each request as it is. */
    public AskedSystem decides(Function<Seen, Behaviour> behaviour) {
        this.behaviour = behaviour;
        return this;
    }

    /** From now on, with every request. */
    public AskedSystem does(Behaviour behaviour) {
        return decides(request -> behaviour);
    }

    /** All requests so far. */
    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    public static Behaviour json(int status, String body, String... headers) {
        return text(status, "application/json", body, headers);
    }

    public static Behaviour text(int status, String type, String body, String... headers) {
        return exchange -> {
            for (var i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            exchange.getResponseHeaders().set("Content-Type", type);
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
            exchange.close();
        };
    }

    /** Takes the request and says nothing until this system is closed. */
    public Behaviour silence() {
        return exchange -> closed.await();
    }

    /** Begins an answer, and goes on with a byte now and then, for ever. */
    public Behaviour trickle() {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            while (!closed.await(20, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
            }
        };
    }

    /** Says that more comes, and breaks off. */
    public static Behaviour half() {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            exchange.close();
        };
    }

    private void handle(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var request = new Seen(
                exchange.getRequestMethod(), exchange.getRequestURI().toString(), exchange.getRequestHeaders(), body);
        seen.add(request);
        try {
            behaviour.apply(request).answer(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
