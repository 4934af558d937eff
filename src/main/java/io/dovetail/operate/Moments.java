package io.dovetail.operate;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.dovetail.ledger.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An event's whole way in one list: the ordinary steps, those that not every event takes, and its delivery coming again. */
final class Moments {

    private Moments() {}

    /**
     * @param afterMillis how long after the step before
     * @param proposedBy whose edit was approved or refused
     * @param to who heard it again
     * @param payload where its bytes are: as received, or as published
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Moment(
            String step,
            Instant at,
            @Nullable Long afterMillis,
            @Nullable String actor,
            @Nullable String version,
            @Nullable String proposedBy,
            List<String> to,
            @Nullable String reason,
            @Nullable String payload) {

        static Moment ordinary(String step, Instant at, @Nullable String payload) {
            return new Moment(step, at, null, null, null, null, List.of(), null, payload);
        }

        static Moment from(String sender, String step, Instant at, @Nullable String payload) {
            return new Moment(step, at, null, sender, null, null, List.of(), null, payload);
        }

        static Moment of(Timeline.Step step) {
            return new Moment(
                    step.step(),
                    step.at(),
                    null,
                    step.actor(),
                    step.version(),
                    step.proposedBy(),
                    step.to(),
                    step.reason(),
                    null);
        }

        static Moment decided(String step, Instant at, Timeline.Event event) {
            return new Moment(step, at, null, null, event.mappingVersion(), null, List.of(), event.reason(), null);
        }

        Moment after(Moment before) {
            var millis = Duration.between(before.at, at).toMillis();
            return new Moment(step, at, millis, actor, version, proposedBy, to, reason, payload);
        }
    }

    // what these have come to is among their steps
    private static final Set<String> TOLD_BY_STEPS = Set.of("parked", "discarded");
    private static final Set<String> UNDECIDED = Set.of("accepted", "waiting");

    static List<Moment> of(Timeline.Event event) {
        var moments = new ArrayList<Moment>();
        var sender = event.sender();
        moments.add(Moment.from(sender, "accepted", event.acceptedAt(), PayloadApi.received(event.delivery())));
        event.duplicates().forEach(at -> moments.add(Moment.from(sender, "received again", at, null)));
        event.steps().forEach(step -> moments.add(Moment.of(step)));
        var decidedAt = event.translatedAt();
        var state = event.state();
        if (decidedAt != null && !TOLD_BY_STEPS.contains(state) && !UNDECIDED.contains(state)) {
            var isTranslated = state.equals("translated") || state.equals("published");
            moments.add(Moment.decided(isTranslated ? "translated" : state, decidedAt, event));
        }
        var publishedAt = event.publishedAt();
        if (publishedAt != null) {
            moments.add(Moment.ordinary("published", publishedAt, PayloadApi.published(event.seq())));
        }
        moments.sort(Comparator.comparing(Moment::at));
        for (var n = moments.size() - 1; n > 0; n--) {
            moments.set(n, moments.get(n).after(moments.get(n - 1)));
        }
        return List.copyOf(moments);
    }
}
