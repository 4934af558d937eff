package io.dovetail.operate;

import io.dovetail.ledger.AuditHead;
import io.dovetail.ledger.AuditLog;
import io.dovetail.ledger.HeadFile;
import io.dovetail.ledger.Refusals;
import io.dovetail.ledger.UnavailableException;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done for the audit each minute and at the end: secret files that changed and what was refused become rows, and
 * the head goes to its file. Before that the table is asked for the heads of before.
 */
public final class AuditRound {

    private static final Logger log = LoggerFactory.getLogger(AuditRound.class);

    private final AuditLog audit;
    private final Refusals refusals;
    private final SecretWatch secrets;
    private final HeadFile file;
    private final Clock clock;
    private @Nullable List<AuditHead> known;
    private volatile long rows;
    private volatile boolean isBroken;
    private volatile Instant headWrittenAt;

    public AuditRound(
            AuditLog audit, Refusals refusals, SecretWatch secrets, HeadFile file, Clock clock, MeterRegistry meters) {
        this.audit = audit;
        this.refusals = refusals;
        this.secrets = secrets;
        this.file = file;
        this.clock = clock;
        this.headWrittenAt = clock.instant();
        FunctionCounter.builder("hub_audit_rows_total", this, r -> r.rows)
                .description("Rows of the audit")
                .register(meters);
        Gauge.builder("hub_audit_broken", this, r -> r.isBroken ? 1 : 0)
                .description("1 when a row that its head file knows is gone or another one")
                .register(meters);
        Gauge.builder("hub_audit_head_age_seconds", this, AuditRound::headAge)
                .description("How long ago the head file was up to date")
                .register(meters);
    }

    /** One round; never throws, since it is repeated for ever. */
    public synchronized void go() {
        step("The secrets directory cannot be looked at", secrets::look);
        step("What was refused is not in the audit yet", refusals::write);
        step("The head of the audit is not in " + file.path(), this::writeHead);
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void step(String otherwise, Step step) {
        try {
            step.run();
        } catch (IOException | UnavailableException e) {
            log.warn("{}: {}", otherwise, e.getMessage());
        } catch (RuntimeException e) {
            log.error(otherwise, e);
        }
    }

    private void writeHead() throws IOException {
        if (known == null) {
            known = file.heads();
        }
        audit.contradicted(known).ifPresent(this::tellBroken);
        var head = audit.head();
        if (head.isPresent() && (known.isEmpty() || isNews(known.getLast(), head.get()))) {
            file.append(head.get(), audit::contradicted);
        }
        // the file has those of before; what may still change is what comes after the last
        known = head.map(List::of).orElse(List.of());
        rows = head.map(AuditHead::n).orElse(0L);
        headWrittenAt = clock.instant();
    }

    private static boolean isNews(AuditHead last, AuditHead head) {
        return last.n() != head.n() || !last.hash().equals(head.hash());
    }

    private void tellBroken(AuditHead head) {
        isBroken = true;
        log.error(
                "The audit was changed: row {} is not what it was at {}. \"hub audit verify\" tells more",
                head.n(),
                head.at());
    }

    private double headAge() {
        return Math.max(0, Duration.between(headWrittenAt, clock.instant()).toMillis() / 1000.0);
    }
}
