package io.dovetail.operate;

import io.dovetail.ledger.Books.Page;
import io.dovetail.ledger.Verified;
import io.dovetail.ledger.Verified.Finding;
import io.dovetail.ledger.Verified.Ids;
import io.dovetail.ledger.Verified.Miscount;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What is wrong with a connector's books, in a few words for a log: with so many ids that a line stays readable. */
final class Discrepancies {

    private int ids;
    private final List<String> words = new ArrayList<>();

    private Discrepancies(int ids) {
        this.ids = ids;
    }

    /** @param ids how many may be named */
    static List<String> of(Verified verified, String connector, int ids) {
        var found = new Discrepancies(ids);
        verified.rows().stream()
                // what nobody knows whose it is may be this one's
                .filter(finding ->
                        finding.connector() == null || finding.connector().equals(connector))
                .forEach(found::add);
        verified.counters().stream()
                .filter(miscount -> miscount.connector().equals(connector))
                .forEach(found::add);
        return List.copyOf(found.words);
    }

    private void add(Finding finding) {
        words.add("%s (%s), %d: %s"
                .formatted(finding.says(), finding.check(), finding.count(), some(finding.ids(), finding.count())));
    }

    private void add(Miscount miscount) {
        var text = new StringBuilder(
                "%s counted %d, the rows say %d".formatted(miscount.counter(), miscount.counted(), miscount.found()));
        for (var minute : miscount.minutes()) {
            text.append("; in the minute %s counted %d, rows %d"
                    .formatted(minute.minute(), minute.counted(), minute.found()));
            if (!minute.candidates().isEmpty()) {
                text.append(", whose ids are candidates: ").append(some(minute.candidates(), minute.rows()));
            }
        }
        words.add(text.toString());
    }

    private String some(List<Ids> all, long count) {
        var named = all.stream().limit(ids).map(Ids::toString).toList();
        ids -= named.size();
        var more = count - named.size();
        return named.stream().collect(Collectors.joining(", "))
                + (more == 0 ? "" : (named.isEmpty() ? "" : " and ") + more + " more");
    }

    /** {@code read 5 = published 4 + parked 1}, where it should be so. */
    static String equation(Page page) {
        var deliveries = page.deliveries();
        var events = page.events();
        return ("answered %d against accepted %d + duplicate %d; read %d against published %d + ignored %d + duplicate %d"
                        + " + parked %d + discarded %d + in flight %d")
                .formatted(
                        deliveries.answered(),
                        deliveries.accepted(),
                        deliveries.duplicate(),
                        events.read(),
                        events.published(),
                        events.ignored(),
                        events.duplicate(),
                        events.parked(),
                        events.discarded(),
                        events.inFlight());
    }
}
