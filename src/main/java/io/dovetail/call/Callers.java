package io.dovetail.call;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.event.FailedException;
import io.dovetail.event.FailureKind;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Makes callers for events; has what lasts longer than one event: circuits, allowances, measures, the network. */
public final class Callers {

    private final ProvedNetwork network;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Kept kept;
    private final Allowances allowances;
    private final Map<String, Circuit> circuits = new ConcurrentHashMap<>();

    public Callers(Network network, Secrets secrets, Clock clock, MeterRegistry meters) {
        this.network = new ProvedNetwork(network, secrets, clock);
        this.clock = clock;
        this.kept = new Kept(clock);
        this.meters = meters;
        this.allowances = new Allowances(clock, meters);
    }

    /** How many events of a connector may ask at the same time; 0 while its circuit is open. */
    public int most(String connector) {
        return circuit(connector).most();
    }

    /** When to ask {@link #most} again; long ago while it is not 0. */
    public Instant closedUntil(String connector) {
        return circuit(connector).until();
    }

    /** How long to leave a connector's system alone between two requests, so that what it allows lasts; often nothing. */
    public Duration pace(String connector) {
        return allowances.pace(connector);
    }

    /**
     * For one event of a connector.
     *
     * @param within how long all of its requests together may take, from now on
     */
    public Caller of(String connector, Duration within) {
        var end = System.nanoTime() + within.toNanos();
        return new Caller() {
            @Override
            public JsonNode ask(Request request) {
                var known = kept.of(connector, request);
                if (known != null) {
                    return known;
                }
                try {
                    var answer = guarded(connector, request, left(), Callers.this::ask);
                    kept.keep(connector, request, answer);
                    return answer;
                } catch (FailedException e) {
                    throw Verdict.leavesOpen(request, e.failure()) ? unhurried(e, within) : e;
                }
            }

            @Override
            public Request.Outgoing prepare(Request request) {
                return guarded(connector, request, left(), (c, r, within) -> network.prepare(r, within));
            }

            private Duration left() {
                return Duration.ofNanos(end - System.nanoTime());
            }
        };
    }

    /**
     * So that what is still at work over there has ended when somebody looks again whether it has been done: that it was
     * not may else be said too early, and it be done twice.
     */
    private static FailedException unhurried(FailedException e, Duration pause) {
        var wanted = e.notBefore();
        return FailedException.notBefore(e.failure(), wanted == null || wanted.compareTo(pause) < 0 ? pause : wanted);
    }

    private interface Question<T> {
        T ask(String connector, Request request, Duration within) throws InterruptedException;
    }

    private <T> T guarded(String connector, Request request, Duration within, Question<T> question) {
        var circuit = circuit(connector);
        if (!within.isPositive()) {
            throw Verdict.unasked(request, "deadline", "what was asked before took all of the time");
        }
        allowances.check(connector, request);
        if (!circuit.enter()) {
            count(connector, "circuit_open");
            throw Verdict.unasked(request, "circuit open", "it has not answered for a while");
        }
        var begin = System.nanoTime();
        try {
            var answer = question.ask(connector, request, within);
            circuit.answered();
            count(connector, "answered");
            return answer;
        } catch (FailedException e) {
            var isExternal = e.failure().kind() == FailureKind.EXTERNAL;
            if (isExternal && !e.failure().rule().equals(Verdict.OVERTAKEN)) {
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

    private JsonNode ask(String connector, Request request, Duration within) throws InterruptedException {
        var answer = network.send(request, within);
        allowances.note(connector, request, answer);
        return Verdict.of(request, answer, clock);
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
