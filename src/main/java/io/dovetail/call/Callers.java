package io.dovetail.call;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.event.FailedException;
import io.dovetail.event.FailureKind;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Makes callers for events; has what lasts longer than one event: circuits, measures, the network. */
public final class Callers {

    private final Network network;
    private final Secrets secrets;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Map<String, Circuit> circuits = new ConcurrentHashMap<>();
    private final Tokens tokens;

    public Callers(Network network, Secrets secrets, Clock clock, MeterRegistry meters) {
        this.network = network;
        this.secrets = secrets;
        this.clock = clock;
        this.meters = meters;
        this.tokens = new Tokens(clock);
    }

    /** How many events of a connector may ask at the same time; 0 while its circuit is open. */
    public int most(String connector) {
        return circuit(connector).most();
    }

    /** When to ask {@link #most} again; long ago while it is not 0. */
    public Instant closedUntil(String connector) {
        return circuit(connector).until();
    }

    /**
     * For one event of a connector.
     *
     * @param within how long all of its requests together may take, from now on
     */
    public Caller of(String connector, Duration within) {
        var end = System.nanoTime() + within.toNanos();
        return request -> ask(connector, request, Duration.ofNanos(end - System.nanoTime()));
    }

    private JsonNode ask(String connector, Request request, Duration within) {
        var circuit = circuit(connector);
        if (!within.isPositive()) {
            throw Verdict.unasked(request, "deadline", "what was asked before took all of the time");
        }
        if (!circuit.enter()) {
            count(connector, "circuit_open");
            throw Verdict.unasked(request, "circuit open", "it has not answered for a while");
        }
        var begin = System.nanoTime();
        try {
            var tree = ask(request, within);
            circuit.answered();
            count(connector, "answered");
            return tree;
        } catch (FailedException e) {
            var isExternal = e.failure().kind() == FailureKind.EXTERNAL;
            if (isExternal) {
                circuit.failed(e);
            } else {
                circuit.answered();
            }
            count(connector, isExternal ? "external" : "rejected");
            throw e;
        } catch (InterruptedException e) {
            circuit.withdrawn();
            Thread.currentThread().interrupt();
            throw Verdict.unasked(request, "stopped", "the hub is being stopped");
        } catch (RuntimeException | Error e) {
            circuit.withdrawn();
            throw e;
        } finally {
            meters.timer("hub_call_seconds", "connector", connector)
                    .record(Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    private JsonNode ask(Request request, Duration within) throws InterruptedException {
        if (!(request.credentials() instanceof Credentials.Client client)) {
            return send(request, within);
        }
        var end = System.nanoTime() + within.toNanos();
        var token = token(client, request, within);
        try {
            return send(request.as(token), Duration.ofNanos(end - System.nanoTime()));
        } catch (FailedException e) {
            if (e.failure().rule().equals(Verdict.UNAUTHENTICATED)) {
                tokens.forget(client);
            }
            throw e;
        }
    }

    private Credentials token(Credentials.Client client, Request request, Duration within) throws InterruptedException {
        try {
            return tokens.of(client, this::secret, question -> send(question, within));
        } catch (UncheckedIOException e) {
            throw Verdict.unasked(request, "secret", String.valueOf(e.getMessage()));
        }
    }

    private JsonNode send(Request request, Duration within) throws InterruptedException {
        try {
            return Verdict.of(request, network.send(request.outgoing(this::secret), within), clock);
        } catch (UncheckedIOException e) {
            throw Verdict.unasked(request, "secret", String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw Verdict.unasked(
                    request, "address", "with the secrets in it, its address is none, or a header cannot be sent");
        } catch (IOException e) {
            throw Verdict.unanswered(request, e);
        }
    }

    private String secret(String name) {
        try {
            return secrets.value(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private void count(String connector, String outcome) {
        meters.counter("hub_calls_total", "connector", connector, "outcome", outcome)
                .increment();
    }

    private Circuit circuit(String connector) {
        return circuits.computeIfAbsent(connector, c -> {
            var circuit = new Circuit(c, clock);
            Gauge.builder("hub_calls_circuit_open", circuit, it -> it.isOpen() ? 1 : 0)
                    .tag("connector", c)
                    .description("1 while the systems that a connector asks are spared, since they do not answer")
                    .register(meters);
            return circuit;
        });
    }
}
