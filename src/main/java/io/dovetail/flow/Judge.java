package io.dovetail.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.call.Caller;
import io.dovetail.codec.Codec;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.connector.Calls;
import io.dovetail.connector.Connector;
import io.dovetail.event.CloudEvents;
import io.dovetail.event.Event;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.event.Trigger;
import io.dovetail.ledger.Claimed;
import io.dovetail.ledger.Inbox;
import io.dovetail.ledger.OutboxRow;
import io.dovetail.ledger.Outcome;
import io.dovetail.ledger.UnavailableException;
import io.dovetail.translate.Source;
import io.dovetail.translate.Translated;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What becomes of one event, by one version; holds no transaction and no connection. */
final class Judge {

    private static final Codec PART = new JsonCodec();

    private final Version version;
    private final Map<String, Calls> calls;
    private final int attempts;
    private final StepTimers timers;
    private final BackOff backOff;
    private final Inbox inbox;

    /** @param inbox is asked for the time, and for a delivery's raw bytes, to find a failure's line */
    Judge(Version version, int attempts, StepTimers timers, BackOff backOff, Inbox inbox) {
        this.version = version;
        this.calls = version.calls();
        this.attempts = attempts;
        this.timers = timers;
        this.backOff = backOff;
        this.inbox = inbox;
    }

    /** One that judges by another version. */
    Judge by(Version other) {
        return new Judge(other, attempts, timers, backOff, inbox);
    }

    /** How an event's connector asks other systems; null: not at all. */
    @Nullable
    Calls calls(Claimed claimed) {
        return calls.get(claimed.connector());
    }

    String version() {
        return version.hash();
    }

    /**
     * @param published the content hash of what was published before under the event's id; null: nothing
     * @param caller by whom its route asks other systems
     */
    Outcome judge(Claimed claimed, byte @Nullable [] published, Caller caller) {
        try {
            return decide(claimed, published, caller);
        } catch (FailedException e) {
            if (e.failure().kind() == FailureKind.EXTERNAL) {
                var pause = backOff.next(claimed.calls() + 1, e.notBefore());
                return Outcome.Waiting.inVain(claimed, inbox.now().plus(pause), e.failure());
            }
            return failed(claimed, e.failure());
        } catch (UnavailableException e) {
            throw e; // no event is to blame for the database
        } catch (RuntimeException | StackOverflowError e) {
            return failed(claimed, internal(e));
        }
    }

    private Outcome decide(Claimed claimed, byte @Nullable [] published, Caller caller) {
        var connector = version.configuration().connector(claimed.connector());
        if (connector == null) {
            return new Outcome.Parked(
                    claimed,
                    Failure.of(
                            FailureKind.MAPPING,
                            "connectors/" + claimed.connector(),
                            "connector",
                            "The connector's folder is gone. Put it back, reload and replay."));
        }
        var tree = tree(claimed, connector);
        if (claimed.sourceId() == null) {
            // at the delivery's root it may be what could not be split
            var part = claimed.pointer().isEmpty() && !claimed.part()
                    ? connector.read(tree).getFirst()
                    : connector.identify(tree, claimed.pointer());
            if (part.problem() != null) {
                return failed(claimed, part.problem());
            }
            if (part.emits() != null) {
                return failed(claimed, whyNameless(claimed));
            }
        }
        if (published != null) {
            return Arrays.equals(published, claimed.contentHash())
                    ? new Outcome.Duplicate(claimed)
                    : new Outcome.Parked(claimed, Failure.idNotUnique(claimed.pointer(), claimed.sourceId()));
        }
        return translate(claimed, connector, tree, caller);
    }

    /** Of what a rule reads, and was stored without a name: a replay gives it one. */
    private Failure whyNameless(Claimed claimed) {
        return inbox.usedBefore(claimed)
                .map(first -> Failure.deliveryIdNotUnique(first.id(), first.delivery()))
                .orElseGet(() -> Failure.of(
                        FailureKind.CONTRACT,
                        claimed.pointer(),
                        "events",
                        "The connector could not read this when it was accepted, but can now. Replay it."));
    }

    private Outcome translate(Claimed claimed, Connector connector, JsonNode tree, Caller caller) {
        var source = new Source(
                connector,
                claimed.sender(),
                claimed.id(),
                tree,
                claimed.key(),
                claimed.delivery(),
                claimed.acceptedAt(),
                claimed.traceparent(),
                claimed.revision(),
                null,
                claimed.lineage());
        return switch (timers.translate(
                connector.name(), () -> version.translator().translate(source, caller))) {
            case Translated.Ignored ignored -> new Outcome.Ignored(claimed, ignored.reason());
            case Translated.Said said -> {
                var triggers = timers.trigger(
                        connector.name(), () -> version.policies().apply(said.event(), claimed.acceptedAt()));
                yield new Outcome.Translated(claimed, said.event().id(), rows(said.event(), triggers));
            }
        };
    }

    private static List<OutboxRow> rows(Event event, List<Trigger> triggers) {
        var rows = new ArrayList<OutboxRow>(1 + triggers.size());
        rows.add(new OutboxRow(event.id(), event.type(), CloudEvents.of(event), null));
        for (var trigger : triggers) {
            rows.add(new OutboxRow(
                    trigger.id(), CloudEvents.type(trigger), CloudEvents.of(trigger), trigger.workflow()));
        }
        return rows;
    }

    private static JsonNode tree(Claimed claimed, Connector connector) {
        try {
            return claimed.part()
                    ? PART.read(claimed.body())
                    : connector.eventAt(connector.codec().readStored(claimed.body()), claimed.pointer());
        } catch (MalformedException e) {
            // it was well-formed when it was accepted; the connector's codec must have changed since
            throw new FailedException(
                    Failure.of(FailureKind.CONTRACT, claimed.pointer(), "well-formed", e.getMessage()));
        }
    }

    Outcome failed(Claimed claimed, Failure failure) {
        if (failure.kind() == FailureKind.INTERNAL && claimed.attempts() + 1 < attempts) {
            return new Outcome.Again(claimed);
        }
        return new Outcome.Parked(claimed, placed(claimed, failure));
    }

    /** A pointer into the event's part becomes one into the delivery, with the line where lines are what people count. */
    private Failure placed(Claimed claimed, Failure failure) {
        var place = failure.place();
        if (!place.isEmpty() && !place.startsWith("/")) {
            return failure;
        }
        var connector = version.configuration().connector(claimed.connector());
        var pointer = connector == null ? place : connector.place(claimed.pointer(), place);
        var where = connector == null || claimed.media().endsWith("json")
                ? ""
                : connector.codec().place(inbox.delivered(claimed.delivery()), pointer);
        var text = pointer.isEmpty() ? "/" : pointer;
        return new Failure(
                failure.kind(),
                where.isEmpty() ? text : where + ", " + text,
                failure.rule(),
                failure.message(),
                failure.value(),
                failure.detail());
    }

    static Failure internal(Throwable e) {
        var trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        return new Failure(
                FailureKind.INTERNAL,
                "hub",
                e.getClass().getSimpleName(),
                "The hub failed on this event. Report the stack trace in its detail; replay it when that is mended.",
                null,
                trace.toString());
    }
}
