package io.dovetail.replay;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.ledger.Claimed;
import io.dovetail.ledger.OutboxRow;
import io.dovetail.ledger.Outcome;
import io.dovetail.ledger.ReplayPlans.Choice;
import io.dovetail.ledger.Selection;
import io.dovetail.ledger.Selection.Chosen;
import io.dovetail.ledger.Selection.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What would come out of chosen events today, against what came out of them then, grouped by kind of difference. Nothing
 * is written and nothing is asked, and however many events there are, one page of them is in memory.
 */
public final class DryRun {

    private static final int PAGE = 100;
    private static final int MOST_GROUPS = 200;
    private static final String OTHERS = "differs in yet another way";

    /** Judges an event as it would be judged now; see {@code Flow.rehearse}. */
    @FunctionalInterface
    public interface Rehearsal {
        Outcome of(Claimed claimed, byte @Nullable [] published);
    }

    private final Selection selection;
    private final Rehearsal rehearsal;
    private final Duration deadline;
    private final Semaphore one = new Semaphore(1);

    /** @param deadline what an event may take; one that takes longer ends the dry run */
    public DryRun(Selection selection, Rehearsal rehearsal, Duration deadline) {
        this.selection = selection;
        this.rehearsal = rehearsal;
        this.deadline = deadline;
    }

    /**
     * @param tried how many events were looked at
     * @param complete whether these were all
     * @param groups the largest first; an event is in more than one when it differs in more than one way
     */
    public record Report(long tried, boolean complete, List<Group> groups) {}

    /** @param samples the first few */
    public record Group(String difference, long count, List<Sample> samples) {}

    /**
     * @param then what was published of it: {@code type}, {@code subject}, {@code data}, {@code triggers}; null when
     *     nothing was
     * @param now likewise, what would be
     */
    public record Sample(
            UUID id,
            UUID delivery,
            @Nullable JsonNode then,
            @Nullable JsonNode now) {}

    /**
     * @param limit how many events to look at
     * @param samples how many of each kind to give
     * @return empty while another dry run is under way
     */
    public Optional<Report> run(Choice choice, State state, long limit, int samples) throws InterruptedException {
        if (!one.tryAcquire()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Run(samples).over(choice, state, limit));
        } finally {
            one.release();
        }
    }

    private final class Run {

        private final int samples;
        private final Map<String, Long> counts = new LinkedHashMap<>();
        private final Map<String, List<Sample>> examples = new LinkedHashMap<>();

        Run(int samples) {
            this.samples = samples;
        }

        Report over(Choice choice, State state, long limit) throws InterruptedException {
            var tried = 0L;
            var after = 0L;
            // a thread of its own, that can be left behind with an event that hangs
            var threads = Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("dry-run").daemon().factory());
            try {
                while (tried < limit) {
                    var page = selection.next(choice, state, after, (int) Math.min(PAGE, limit - tried));
                    if (page.isEmpty()) {
                        return report(tried, true);
                    }
                    for (var chosen : page) {
                        tried++;
                        try {
                            threads.submit(() -> look(chosen)).get(deadline.toMillis(), TimeUnit.MILLISECONDS);
                        } catch (TimeoutException e) {
                            note(
                                    "takes longer than " + deadline.toSeconds() + " s, which ended the dry run",
                                    chosen,
                                    null);
                            return report(tried, false);
                        } catch (ExecutionException e) {
                            throw e.getCause() instanceof RuntimeException failure
                                    ? failure
                                    : new IllegalStateException(e.getCause());
                        }
                    }
                    after = page.getLast().claimed().seq();
                }
                return report(tried, selection.next(choice, state, after, 1).isEmpty());
            } finally {
                threads.shutdownNow();
            }
        }

        private Report report(long tried, boolean complete) {
            return new Report(
                    tried,
                    complete,
                    counts.entrySet().stream()
                            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                            .map(entry -> new Group(
                                    entry.getKey(),
                                    entry.getValue(),
                                    List.copyOf(examples.getOrDefault(entry.getKey(), List.of()))))
                            .toList());
        }

        private void look(Chosen chosen) {
            var failure = chosen.failure();
            if (failure != null && failure.kind() == FailureKind.POISON) {
                note("is not tried: it may end the hub, as it has before", chosen, null);
                return;
            }
            switch (rehearsal.of(chosen.claimed(), chosen.published())) {
                case Outcome.Translated now -> translated(chosen, now.rows());
                case Outcome.Ignored now -> note("would be ignored: " + now.reason(), chosen, null);
                case Outcome.Duplicate now ->
                    note("would be a duplicate: the same was published under its id", chosen, null);
                case Outcome.Parked now -> parked(chosen, now.failure());
                case Outcome.Waiting now ->
                    note("asks another system, which a dry run does not: " + place(now), chosen, null);
                case Outcome.Held now -> throw new IllegalStateException("held by a rehearsal: " + now);
                case Outcome.Again now -> throw new IllegalStateException("begun again by a rehearsal: " + now);
            }
        }

        private void translated(Chosen chosen, List<OutboxRow> rows) {
            var now = Differences.tree(rows);
            if (chosen.rows().isEmpty()) {
                var workflows = rows.stream()
                        .skip(1)
                        .map(row -> String.valueOf(row.workflow()))
                        .collect(Collectors.joining(", "));
                note(
                        "would be published: " + rows.getFirst().type()
                                + (workflows.isEmpty() ? "" : ", setting off " + workflows),
                        chosen,
                        now);
                return;
            }
            var differences = Differences.between(Differences.tree(chosen.rows()), now);
            if (differences.isEmpty()) {
                note("the same", chosen, null);
            }
            differences.forEach(difference -> note(difference, chosen, now));
        }

        private void parked(Chosen chosen, Failure now) {
            var emits = chosen.claimed().emits();
            var kind = emits == null ? "?" : emits;
            var connector = chosen.claimed().connector();
            var then = chosen.failure();
            var same = then != null && then.fingerprint(connector, kind).equals(now.fingerprint(connector, kind));
            note(
                    (same
                                    ? "would be parked as before: "
                                    : then == null ? "would be parked: " : "would be parked otherwise: ")
                            + now.kind() + " at "
                            // of which line and which array element makes no other kind of failure
                            + now.place().replaceAll("^line \\d+, ", "").replaceAll("/\\d+(?=/|$)", "/*")
                            + ", " + now.rule(),
                    chosen,
                    null);
        }

        private static String place(Outcome.Waiting waiting) {
            return waiting.failure() == null ? "?" : waiting.failure().place();
        }

        private void note(String difference, Chosen chosen, @Nullable JsonNode now) {
            var kind = counts.containsKey(difference) || counts.size() < MOST_GROUPS ? difference : OTHERS;
            counts.merge(kind, 1L, Long::sum);
            var some = examples.computeIfAbsent(kind, k -> new ArrayList<>());
            if (some.size() < samples) {
                some.add(new Sample(
                        chosen.claimed().id(),
                        chosen.claimed().delivery(),
                        chosen.rows().isEmpty() || now == null ? null : Differences.tree(chosen.rows()),
                        now));
            }
        }
    }
}
