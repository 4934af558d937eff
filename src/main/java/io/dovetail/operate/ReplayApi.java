package io.dovetail.operate;

import io.dovetail.ledger.FailureGroups;
import io.dovetail.ledger.FailureGroups.Group;
import io.dovetail.ledger.ReplayPlans.Choice;
import io.dovetail.ledger.ReplayPlans.Plan;
import io.dovetail.ledger.ReplayPlans.State;
import io.dovetail.ledger.Selection;
import io.dovetail.operate.Views.FailureView;
import io.dovetail.relay.Again;
import io.dovetail.replay.DryRun;
import io.dovetail.replay.Replays;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Dead letters by the thousand: groups of one cause, and replays of many; and how far each plan is. */
@RestController
@RequestMapping("/api")
final class ReplayApi {

    private static final int PAGE = 100;

    /** Live events hardly feel it; at 1,000 a second those of a busy machine are answered twice as late (README). */
    static final int RATE = 200;

    static final int MAX_RATE = 10_000;
    private static final long LIMIT = 10_000;
    private static final int SAMPLES = 3;
    private static final int MAX_SAMPLES = 100;

    private final FailureGroups groups;
    private final Replays replays;
    private final DryRun dryRun;
    private final Again again;

    ReplayApi(FailureGroups groups, Replays replays, DryRun dryRun, Again again) {
        this.groups = groups;
        this.replays = replays;
        this.dryRun = dryRun;
        this.again = again;
    }

    record GroupView(
            String fingerprint,
            String connector,
            @Nullable String type,
            long count,
            long keysHeld,
            Instant firstParkedAt,
            Instant lastParkedAt,
            String mappingVersion,
            UUID sample,
            FailureView failure) {

        static GroupView of(Group group) {
            return new GroupView(
                    group.fingerprint(),
                    group.connector(),
                    group.emits(),
                    group.count(),
                    group.keys(),
                    group.firstParkedAt(),
                    group.lastParkedAt(),
                    group.version(),
                    group.sample(),
                    FailureView.of(group.failure(), group.fingerprint()));
        }
    }

    /**
     * What to replay, and why.
     *
     * @param rate events a second
     * @param canary how many go first, before somebody resumes it
     * @param count only tell how many it would be
     * @param dryRun only tell what would come out
     * @param state {@code parked} unless given; {@code published} only for a dry run
     * @param limit how many events a dry run looks at
     * @param samples how many of each kind of difference it gives
     */
    record Order(
            @Nullable String reason,
            @Nullable String connector,
            @Nullable String group,
            @Nullable String key,
            @Nullable Instant from,
            @Nullable Instant before,
            @Nullable Integer rate,
            @Nullable Integer canary,
            @Nullable Boolean count,
            @Nullable Boolean dryRun,
            @Nullable String state,
            @Nullable Long limit,
            @Nullable Integer samples) {

        Choice choice() {
            return new Choice(
                    Given.text("connector", connector),
                    Given.text("group", group),
                    Given.text("key", key),
                    Given.instant("from", from),
                    Given.instant("before", before));
        }

        Selection.State wanted() {
            return state == null
                    ? Selection.State.PARKED
                    : Arrays.stream(Selection.State.values())
                            .filter(known -> known.word().equals(state))
                            .findFirst()
                            .orElseThrow(() -> new ResponseStatusException(
                                    HttpStatus.BAD_REQUEST, "state is \"parked\" or \"published\"."));
        }
    }

    @GetMapping("/dead-letters/groups")
    Map<String, List<GroupView>> groups(@RequestParam(required = false) @Nullable String connector) {
        return Map.of(
                "groups",
                groups.list(connector, PAGE).stream().map(GroupView::of).toList());
    }

    @PostMapping("/replays")
    Object replay(@RequestBody Order order, @AuthenticationPrincipal Operator operator) throws InterruptedException {
        if (Boolean.TRUE.equals(order.dryRun)) {
            return rehearse(order);
        }
        if (order.wanted() != Selection.State.PARKED) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST,
                    "What is published is not replayed; a dry run (\"dryRun\": true) tells what would come out today, and"
                            + " POST /api/republications says again what was said.");
        }
        if (Boolean.TRUE.equals(order.count)) {
            return Map.of("chosen", replays.count(order.choice()));
        }
        var rate = Given.within("rate", order.rate, RATE, 1, MAX_RATE);
        var canary = Given.within("canary", order.canary, 0, 0, 1_000_000);
        return view(replays.begin(operator.actor(), Given.reason(order.reason), order.choice(), rate, canary)
                .plan());
    }

    private DryRun.Report rehearse(Order order) throws InterruptedException {
        var limit = order.limit == null ? LIMIT : order.limit;
        if (limit < 1) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "limit is 1 or more, not " + limit + ".");
        }
        var samples = Given.within("samples", order.samples, SAMPLES, 0, MAX_SAMPLES);
        return dryRun.run(order.choice(), order.wanted(), limit, samples)
                .orElseThrow(() -> new ResponseStatusException(
                        HttpStatus.CONFLICT, "Another dry run is under way; try again when it is over."));
    }

    @GetMapping("/replays")
    Map<String, List<PlanView>> replays() {
        return Map.of("replays", replays.list(PAGE).stream().map(this::view).toList());
    }

    @GetMapping("/replays/{id}")
    PlanView replay(@PathVariable UUID id) {
        return replays.find(id).map(this::view).orElseThrow(ReplayApi::notFound);
    }

    @PostMapping("/replays/{id}/pause")
    PlanView pause(@PathVariable UUID id, @AuthenticationPrincipal Operator operator) {
        return become(id, State.PAUSED, operator);
    }

    @PostMapping("/replays/{id}/resume")
    PlanView resume(@PathVariable UUID id, @AuthenticationPrincipal Operator operator) {
        return become(id, State.RUNNING, operator);
    }

    @PostMapping("/replays/{id}/cancel")
    PlanView cancel(@PathVariable UUID id, @AuthenticationPrincipal Operator operator) {
        return become(id, State.CANCELLED, operator);
    }

    private PlanView become(UUID id, State state, Operator operator) {
        if (!replays.become(id, state, operator.actor())) {
            var plan = replays.find(id).orElseThrow(ReplayApi::notFound);
            throw new ResponseStatusException(
                    HttpStatus.CONFLICT,
                    "The replay is " + plan.state().name().toLowerCase(Locale.ROOT) + "; begin a new one.");
        }
        return replay(id);
    }

    private PlanView view(Plan plan) {
        return PlanView.of(plan, again.obstacle(plan.id()).orElse(null));
    }

    private static ResponseStatusException notFound() {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such replay.");
    }
}
