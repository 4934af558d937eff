package io.dovetail.flow;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** {@code hub_step_seconds}: how long each connector's events take in each step of Camel, failed ones too. */
final class StepTimers {

    private record Steps(Timer translate, Timer trigger) {}

    private final MeterRegistry meters;
    // looked up by name and tags they would cost as much as they measure
    private final Map<String, Steps> byConnector = new ConcurrentHashMap<>();

    StepTimers(MeterRegistry meters) {
        this.meters = meters;
    }

    <T> T translate(String connector, Supplier<T> step) {
        return record(steps(connector).translate, step);
    }

    <T> T trigger(String connector, Supplier<T> step) {
        return record(steps(connector).trigger, step);
    }

    private static <T> T record(Timer timer, Supplier<T> step) {
        var start = System.nanoTime();
        try {
            return step.get();
        } finally {
            timer.record(System.nanoTime() - start, java.util.concurrent.TimeUnit.NANOSECONDS);
        }
    }

    private Steps steps(String connector) {
        return byConnector.computeIfAbsent(connector, c -> new Steps(timer(c, "translate"), timer(c, "trigger")));
    }

    private Timer timer(String connector, String step) {
        return meters.timer("hub_step_seconds", "connector", connector, "step", step);
    }
}
