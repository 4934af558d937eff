package io.dovetail.crash;

import io.dovetail.crash.Sent.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * What was counted, in a round or in many of them. What a partner was told decides what is accepted.
 *
 * @param forged deliveries that somebody sent in another's name; all have to be refused
 * @param malformed deliveries that were no JSON
 * @param unanswered attempts without an answer, or with a 5xx; each was made again
 * @param recovered accepted deliveries whose first answer never came
 * @param repeated deliveries that were known, or told an effect that was known, and that the hub was to recognise
 * @param reordered deliveries whose number is lower than that of an earlier one of their key
 * @param again arrivals that a consumer had already, and knew by their id
 * @param verifications how often the hub compared its books with its rows
 * @param longestStartMillis from the start of its process to ready, at its slowest
 * @param examples of violations
 */
record Figures(
        int rounds,
        int blows,
        int kills,
        long offered,
        long accepted,
        long forged,
        long malformed,
        long unanswered,
        long recovered,
        long repeated,
        long reordered,
        long events,
        long triggers,
        long again,
        long samples,
        long unequalSamples,
        long verifications,
        long disagreements,
        long longestStartMillis,
        long millis,
        Map<Violation.Kind, Integer> violations,
        List<String> examples) {

    private static final int EXAMPLES = 10;

    static final Figures NONE =
            new Figures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of(), List.of());

    static Figures of(Trial trial, int blows, long millis, Collection<Violation> found) {
        var ledger = trial.partners.ledger();
        var highest = new HashMap<String, Integer>();
        long accepted = 0;
        long forged = 0;
        long malformed = 0;
        long recovered = 0;
        long repeated = trial.partners.duplicates();
        long reordered = 0;
        for (var sent : ledger) {
            var offer = sent.offer;
            switch (offer.kind()) {
                case FORGED -> forged++;
                case MALFORMED -> malformed++;
                case REPEATED -> repeated++;
                default -> {
                    var key = offer.sender() + "/" + offer.key();
                    if (highest.merge(key, offer.n(), Math::max) > offer.n()) {
                        reordered++;
                    }
                }
            }
            if (sent.outcome == Outcome.ACCEPTED) {
                accepted++;
                recovered += sent.unanswered > 0 ? 1 : 0;
            }
        }
        return new Figures(
                1,
                blows,
                trial.hub.deaths(),
                ledger.size(),
                accepted,
                forged,
                malformed,
                trial.partners.unanswered(),
                recovered,
                repeated,
                reordered,
                trial.consumer.events().size(),
                trial.consumer.triggers().size(),
                again(trial.consumer.events()) + again(trial.consumer.triggers()),
                trial.samples(),
                trial.unequalSamples(),
                trial.verifications(),
                trial.disagreements(),
                trial.hub.longestStart().toMillis(),
                millis,
                count(found),
                found.stream().limit(EXAMPLES).map(Violation::toString).toList());
    }

    private static long again(List<Arrival> arrivals) {
        var known = new HashSet<String>();
        return arrivals.stream().filter(arrival -> !known.add(arrival.id())).count();
    }

    private static Map<Violation.Kind, Integer> count(Collection<Violation> found) {
        var counts = new EnumMap<Violation.Kind, Integer>(Violation.Kind.class);
        found.forEach(violation -> counts.merge(violation.kind(), 1, Integer::sum));
        return counts;
    }

    int violations(Violation.Kind kind) {
        return violations.getOrDefault(kind, 0);
    }

    Figures plus(Figures more) {
        var all = new EnumMap<Violation.Kind, Integer>(Violation.Kind.class);
        all.putAll(violations);
        more.violations.forEach((kind, count) -> all.merge(kind, count, Integer::sum));
        var examples = new ArrayList<>(this.examples);
        more.examples.stream().limit(Math.max(0, EXAMPLES - examples.size())).forEach(examples::add);
        return new Figures(
                rounds + more.rounds,
                blows + more.blows,
                kills + more.kills,
                offered + more.offered,
                accepted + more.accepted,
                forged + more.forged,
                malformed + more.malformed,
                unanswered + more.unanswered,
                recovered + more.recovered,
                repeated + more.repeated,
                reordered + more.reordered,
                events + more.events,
                triggers + more.triggers,
                again + more.again,
                samples + more.samples,
                unequalSamples + more.unequalSamples,
                verifications + more.verifications,
                disagreements + more.disagreements,
                Math.max(longestStartMillis, more.longestStartMillis),
                millis + more.millis,
                all,
                examples);
    }
}
