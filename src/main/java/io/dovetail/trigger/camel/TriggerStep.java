package io.dovetail.trigger.camel;

import io.dovetail.event.Ids;
import io.dovetail.event.Priority;
import io.dovetail.event.Trigger;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code hub:trigger}: adds a trigger to what the policies say about an event. */
record TriggerStep(
        String workflow,
        Priority priority,
        Duration due,
        @Nullable String approval) {

    /** @throws IllegalArgumentException naming the parameter and what it should be */
    static TriggerStep of(Map<String, String> parameters) {
        var workflow = parameters.getOrDefault("workflow", "");
        if (workflow.isBlank()) {
            throw new IllegalArgumentException("hub-trigger needs a workflow, such as order-review");
        }
        var approval = parameters.getOrDefault("approval", "");
        return new TriggerStep(
                workflow,
                priority(parameters.getOrDefault("priority", "normal")),
                due(parameters.getOrDefault("due", "P1D")),
                approval.isBlank() ? null : approval);
    }

    void run(Decision decision) {
        var event = decision.event();
        var policy = decision.policy();
        decision.add(new Trigger(
                Ids.trigger(event.id(), workflow),
                workflow,
                priority,
                decision.acceptedAt().plus(due),
                approval,
                policy.route().id(),
                policy.hash(),
                event));
    }

    private static Priority priority(String text) {
        for (var priority : Priority.values()) {
            if (priority.name().toLowerCase(Locale.ROOT).equals(text)) {
                return priority;
            }
        }
        throw new IllegalArgumentException("the priority of a trigger is one of "
                + Arrays.toString(Priority.values()).toLowerCase(Locale.ROOT) + ", not " + text);
    }

    private static Duration due(String text) {
        try {
            var due = Duration.parse(text);
            if (!due.isNegative()) {
                return due;
            }
        } catch (DateTimeException e) {
            // said below, with what it should be
        }
        throw new IllegalArgumentException(
                "the due time of a trigger is a duration such as PT4H or P2D, counted from acceptance, not " + text);
    }
}
