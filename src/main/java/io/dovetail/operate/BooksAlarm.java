package io.dovetail.operate;

import io.dovetail.ledger.Books.Page;
import io.dovetail.ledger.Verification;
import io.dovetail.ledger.Verified;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells once, for each change, that the books do not balance, with the ids that a verification names. One look is enough:
 * it is one snapshot, and in each they balance.
 */
public final class BooksAlarm {

    private static final Logger log = LoggerFactory.getLogger(BooksAlarm.class);
    private static final int IDS = 20;
    private static final String REST = "./hub books --verify tells all of it";
    // a difference that grows would otherwise have the whole ledger read without end
    private static final Duration PAUSE = Duration.ofMinutes(5);

    private final Verification verification;
    private final Clock clock;
    private final Executor executor;
    private Map<String, Long> told = Map.of();
    private Instant next = Instant.MIN;
    private boolean verifying;
    private SortedMap<String, Page> wrong = new TreeMap<>();
    private @Nullable Verified verified;

    /** @param executor for verifications, which take their time */
    public BooksAlarm(Verification verification, Clock clock, Executor executor) {
        this.verification = verification;
        this.clock = clock;
        this.executor = executor;
    }

    /** Takes a look at the books. */
    void looked(List<Page> pages) {
        if (isNews(pages)) {
            executor.execute(this::tell);
        }
    }

    private synchronized boolean isNews(List<Page> pages) {
        wrong = new TreeMap<>();
        pages.stream().filter(page -> page.difference() != 0).forEach(page -> wrong.put(page.connector(), page));
        var differences = differences();
        if (verifying || differences.equals(told)) {
            return false;
        }
        if (wrong.isEmpty()) {
            log.info("The books balance again");
            told = Map.of();
            verified = null;
            return false;
        }
        if (clock.instant().isBefore(next)) {
            return false;
        }
        next = clock.instant().plus(PAUSE);
        told = differences;
        verifying = true;
        return true;
    }

    private void tell() {
        Verified found = null;
        var why = "";
        try {
            found = verification.verify();
        } catch (RuntimeException e) {
            why = String.valueOf(e.getMessage());
        }
        synchronized (this) {
            verifying = false;
            verified = found;
            for (var page : wrong.values()) {
                log.error(
                        "The books of {} do not balance: {}. {}. {}",
                        page.connector(),
                        Discrepancies.equation(page),
                        found == null ? "They could not be verified: " + why : words(found, page.connector()),
                        REST);
            }
            if (found == null) {
                // to be tried once more
                told = Map.of();
            }
        }
    }

    private static String words(Verified verified, String connector) {
        var words = Discrepancies.of(verified, connector, IDS);
        return words.isEmpty() ? "The rows agreed with them a moment later" : String.join(". ", words);
    }

    private Map<String, Long> differences() {
        var differences = new LinkedHashMap<String, Long>();
        wrong.forEach((connector, page) -> differences.put(connector, page.difference()));
        return differences;
    }

    /** For whoever may see it: nothing while the books balance. */
    public synchronized Map<String, Object> details() {
        if (wrong.isEmpty()) {
            return Map.of();
        }
        var details = new LinkedHashMap<String, Object>();
        details.put("difference", differences());
        var found = verified;
        if (found != null) {
            var words = new LinkedHashMap<String, Object>();
            wrong.keySet().forEach(connector -> words.put(connector, Discrepancies.of(found, connector, IDS)));
            details.put("found", words);
        }
        details.put("more", REST);
        return details;
    }
}
