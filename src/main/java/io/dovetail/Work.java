package io.dovetail;

import io.dovetail.flow.Flow;
import io.dovetail.intake.Intake;
import io.dovetail.intake.Rotations;
import io.dovetail.intake.poll.Pollers;
import io.dovetail.intake.queue.QueueReaders;
import io.dovetail.operate.AuditRound;
import io.dovetail.operate.Housekeeping;
import io.dovetail.operate.Watch;
import io.dovetail.relay.Relay;
import io.dovetail.replay.Replays;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/** Begins the work before the doors open, and ends it after they are shut: intake, then flow, then relay. */
final class Work implements SmartLifecycle {

    // a file is looked at again after two, and whose password it holds no more is out within five
    private static final int BROKER_SECONDS = 2;
    private static final int CLEANING_SECONDS = 600;

    private final Flow flow;
    private final Relay relay;
    private final Intake intake;
    private final Replays replays;
    private final QueueReaders queues;
    private final Pollers pollers;
    private final Watch watch;
    private final Housekeeping housekeeping;
    private final Rotations rotations;
    private final AuditRound audit;
    private final Runnable broker;
    private final Duration interval;
    private final Duration auditInterval;
    // one for what must be soon, one that waits for nothing but the broker, and one that may take minutes
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("watch").factory());
    private final ScheduledExecutorService tending = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("broker").factory());
    private final ScheduledExecutorService cleaning = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("housekeeping").factory());
    private volatile boolean running;

    /** @param broker looks after the broker */
    Work(
            Flow flow,
            Relay relay,
            Intake intake,
            Replays replays,
            QueueReaders queues,
            Pollers pollers,
            Watch watch,
            Rotations rotations,
            Housekeeping housekeeping,
            AuditRound audit,
            Runnable broker,
            Duration interval,
            Duration auditInterval) {
        this.flow = flow;
        this.relay = relay;
        this.intake = intake;
        this.replays = replays;
        this.queues = queues;
        this.pollers = pollers;
        this.watch = watch;
        this.housekeeping = housekeeping;
        this.rotations = rotations;
        this.audit = audit;
        this.broker = broker;
        this.interval = interval;
        this.auditInterval = auditInterval;
    }

    @Override
    public void start() {
        relay.start();
        flow.start();
        replays.start();
        queues.adapt();
        pollers.adapt();
        tending.scheduleWithFixedDelay(broker, BROKER_SECONDS, BROKER_SECONDS, TimeUnit.SECONDS);
        schedule.scheduleWithFixedDelay(watch::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
        cleaning.scheduleWithFixedDelay(housekeeping::clean, 60, CLEANING_SECONDS, TimeUnit.SECONDS);
        schedule.scheduleWithFixedDelay(rotations::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
        schedule.scheduleWithFixedDelay(audit::go, 0, auditInterval.toMillis(), TimeUnit.MILLISECONDS);
        running = true;
    }

    @Override
    public void stop() {
        schedule.shutdownNow();
        tending.shutdownNow();
        cleaning.shutdownNow();
        queues.close();
        pollers.close();
        intake.close();
        replays.close();
        flow.close();
        relay.close();
        // nobody can be refused any more
        audit.go();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        // the web server's phases are near the maximum: it starts after this and stops before
        return 0;
    }
}
