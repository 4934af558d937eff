package io.dovetail.check;

import io.dovetail.call.Caller;
import io.dovetail.codec.ExpressionException;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.EventRule;
import io.dovetail.connector.Part;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.event.Ids;
import io.dovetail.event.Lineage;
import io.dovetail.translate.Source;
import io.dovetail.translate.Translated;
import io.dovetail.translate.Translator;
import io.dovetail.translate.camel.CamelTranslator;
import io.dovetail.trigger.Policies;
import io.dovetail.trigger.camel.CamelPolicies;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A delivery's whole way by the code of the running hub, with no hub, no database and no bus. */
public final class Rehearsal implements AutoCloseable {

    private static final UUID NO_DELIVERY = new UUID(0, 0);

    private final Translator translator;
    private final Policies policies;
    private final boolean knowsAllPolicies;

    /**
     * Closes the translator and the policies in the end.
     *
     * @param knowsAllPolicies false: some could not be loaded, and triggers tell nothing
     */
    Rehearsal(Translator translator, Policies policies, boolean knowsAllPolicies) {
        this.translator = translator;
        this.policies = policies;
        this.knowsAllPolicies = knowsAllPolicies;
    }

    /** @throws io.dovetail.camel.BrokenRoutesException when its routes cannot be loaded */
    public static Rehearsal of(Configuration configuration) {
        var translator = new CamelTranslator(configuration);
        try {
            return new Rehearsal(translator, new CamelPolicies(configuration), true);
        } catch (RuntimeException e) {
            translator.close();
            throw e;
        }
    }

    boolean knowsAllPolicies() {
        return knowsAllPolicies;
    }

    /**
     * What would become of this body, sent by {@code sender} and accepted at that time.
     *
     * @param answers in place of the systems that its route asks
     */
    public Rehearsed perform(
            Connector connector, String sender, byte[] body, Instant acceptedAt, SampleAnswers answers) {
        var most = connector.webhook().maxBytes();
        if (body.length > most) {
            return new Rehearsed.Refused(
                    String.format(Locale.ROOT, "This connector takes at most %,d bytes, not %,d.", most, body.length));
        }
        try {
            var stored = connector.kept(body);
            var tree = connector.codec().read(stored);
            var kept = connector.named(stored, tree);
            var parts = connector.read(tree);
            var published = new HashMap<String, byte[]>();
            var fates = new ArrayList<Rehearsed.Fate>();
            for (var part : parts) {
                var first = part.id() == null ? null : published.get(part.id());
                var fate = first == null
                        ? fate(connector, sender, kept, part, acceptedAt, answers)
                        : again(connector, kept, part, first);
                if (fate instanceof Rehearsed.Said && part.id() != null) {
                    published.put(part.id(), content(connector, part));
                }
                fates.add(fate);
            }
            return new Rehearsed.Accepted(List.copyOf(fates));
        } catch (MalformedException e) {
            return new Rehearsed.Refused(String.valueOf(e.getMessage()));
        }
    }

    private static Rehearsed.Fate again(Connector connector, byte[] body, Part part, byte[] first) {
        var rule = rule(connector, part);
        return Arrays.equals(first, content(connector, part))
                ? new Rehearsed.Duplicate(part, rule)
                : new Rehearsed.Parked(
                        part, rule, placed(connector, body, part, Failure.idNotUnique(part.pointer(), part.id())));
    }

    private static byte[] content(Connector connector, Part part) {
        return connector.content(part, JsonCodec.write(part.tree()));
    }

    private Rehearsed.Fate fate(
            Connector connector, String sender, byte[] body, Part part, Instant acceptedAt, SampleAnswers answers) {
        var rule = rule(connector, part);
        try {
            if (part.problem() != null) {
                throw new FailedException(part.problem());
            }
            var id = part.id() == null ? NO_DELIVERY + part.pointer() : part.id();
            var source = new Source(
                    connector,
                    sender,
                    Ids.event(connector.name(), sender, id),
                    part.tree(),
                    part.key(),
                    NO_DELIVERY,
                    acceptedAt,
                    null,
                    0,
                    null,
                    Lineage.NONE);
            return switch (translator.translate(source, connector.calls() == null ? Caller.NOBODY : answers)) {
                case Translated.Ignored ignored -> new Rehearsed.Ignored(part, rule, ignored.reason());
                case Translated.Said said ->
                    new Rehearsed.Said(part, rule, said.event(), policies.apply(said.event(), acceptedAt));
            };
        } catch (FailedException e) {
            if (e.failure().kind() == FailureKind.EXTERNAL) {
                return new Rehearsed.Waiting(part, rule, e.failure());
            }
            return new Rehearsed.Parked(part, rule, placed(connector, body, part, e.failure()));
        } catch (RuntimeException | StackOverflowError e) {
            var failure = Failure.of(FailureKind.INTERNAL, "hub", e.getClass().getSimpleName(), String.valueOf(e));
            return new Rehearsed.Parked(part, rule, failure);
        }
    }

    private static @Nullable EventRule rule(Connector connector, Part part) {
        try {
            return connector.rule(part.tree());
        } catch (ExpressionException e) {
            return null; // told as the part's problem
        }
    }

    /** A pointer into the event's part becomes one into the delivery, with the line where lines are what people count. */
    private static Failure placed(Connector connector, byte[] body, Part part, Failure failure) {
        var place = failure.place();
        if (!place.isEmpty() && !place.startsWith("/")) {
            return failure;
        }
        var pointer = connector.place(part.pointer(), place);
        var text = pointer.isEmpty() ? "/" : pointer;
        if (!(connector.codec() instanceof JsonCodec)) {
            var where = connector.codec().place(body, pointer);
            text = where.isEmpty() ? text : where + ", " + text;
        }
        return new Failure(failure.kind(), text, failure.rule(), failure.message(), failure.value(), failure.detail());
    }

    @Override
    public void close() {
        translator.close();
        policies.close();
    }
}
