package io.dovetail.ledger;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts what was refused, and writes it to the audit from time to time: a row for each way of being refused, however
 * often it happened in between. Nothing that a stranger made up comes in here, and only so many rows at a time.
 */
public final class Refusals {

    /** How many ways are told apart between two writings; the others are counted together. */
    static final int MOST = 200;

    /** The attribute of a request by which a door says that it has counted what it refused. */
    public static final String COUNTED = "io.dovetail.refusal.counted";

    private static final int MOST_ABOUT = 5;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private record Kind(Actor actor, String action, String subject) {}

    private static final class Tally {
        private final Instant first;
        private Instant last;
        private long count;
        private final Set<String> about = new LinkedHashSet<>();

        Tally(Instant now) {
            first = now;
            last = now;
        }

        void add(Tally later) {
            count += later.count;
            last = later.last;
            later.about.stream().limit(MOST_ABOUT - about.size()).forEach(about::add);
        }

        ObjectNode detail() {
            var detail = MAPPER.createObjectNode()
                    .put("count", count)
                    .put("first", first.toString())
                    .put("last", last.toString());
            if (!about.isEmpty()) {
                var list = detail.putArray("about");
                about.forEach(list::add);
            }
            return detail;
        }
    }

    private final AuditLog audit;
    private final Clock clock;
    private Map<Kind, Tally> tallies = new LinkedHashMap<>();

    public Refusals(AuditLog audit, Clock clock) {
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Counts one.
     *
     * @param actor who it was, as far as that is proven
     * @param action what was wanted
     * @param subject why it was refused: one of few words
     * @param about what helps to look into it, as an address; the first few are kept
     */
    public void count(Actor actor, String action, String subject, @Nullable String about) {
        var tally = new Tally(clock.instant().truncatedTo(ChronoUnit.MILLIS));
        tally.count = 1;
        if (about != null) {
            tally.about.add(about);
        }
        synchronized (this) {
            add(tallies, new Kind(actor, action, subject), tally);
        }
    }

    /** Writes what was counted since; what cannot be written is counted on. */
    public void write() {
        Map<Kind, Tally> counted;
        synchronized (this) {
            counted = tallies;
            tallies = new LinkedHashMap<>();
        }
        try {
            audit.write(counted.entrySet().stream()
                    .map(entry -> entry(entry.getKey(), entry.getValue()))
                    .toList());
        } catch (RuntimeException e) {
            synchronized (this) {
                tallies.forEach((kind, tally) -> add(counted, kind, tally));
                tallies = counted;
            }
            throw e;
        }
    }

    private static void add(Map<Kind, Tally> tallies, Kind kind, Tally tally) {
        var isOneTooMany = !tallies.containsKey(kind) && tallies.size() >= MOST;
        var known = tallies.putIfAbsent(isOneTooMany ? new Kind(Actor.UNKNOWN, kind.action, "others") : kind, tally);
        if (known != null) {
            known.add(tally);
        }
    }

    private static AuditEntry entry(Kind kind, Tally tally) {
        return new AuditEntry(
                kind.actor, kind.action, kind.subject, null, tally.detail().toString());
    }
}
