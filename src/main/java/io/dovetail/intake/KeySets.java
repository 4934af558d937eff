package io.dovetail.intake;

import io.dovetail.connector.verify.KeySet;
import io.dovetail.intake.RefusedException.Reason;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key sets that issuers publish, remembered. Whatever strangers send, an issuer is asked at most once a minute while
 * it answers, and by one request at a time.
 */
public final class KeySets {

    /** Older ones are fetched anew, behind the back of whoever uses them. */
    static final Duration FRESH = Duration.ofMinutes(5);

    /** Older ones prove nothing: their issuer may have withdrawn a key meanwhile. */
    static final Duration KEPT = Duration.ofHours(1);

    /** Between two fetches; a key that is not in a set that new is unknown. */
    static final Duration PAUSE = Duration.ofMinutes(1);

    /** After one that failed, while there are no keys at all. */
    static final Duration RETRY = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(KeySets.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Gets what is published at an address. */
    @FunctionalInterface
    public interface Source {

        /** @throws IOException when there is nothing of use, for whatever reason */
        String fetch(URI address) throws IOException, InterruptedException;
    }

    private final Source source;
    private final LongSupplier nanos;
    private final Map<URI, Keyring> keyrings = new ConcurrentHashMap<>();

    /** @param nanos as {@link System#nanoTime} */
    public KeySets(Source source, LongSupplier nanos) {
        this.source = source;
        this.nanos = nanos;
    }

    Keyring at(URI address) {
        return keyrings.computeIfAbsent(address, Keyring::new);
    }

    /**
     * @param keys null: none that still count
     * @param fetched when they were
     * @param tried when that was last tried
     */
    private record State(@Nullable String keys, long fetched, long tried, boolean failed) {}

    /** The keys of one issuer. */
    final class Keyring {

        private final URI address;
        private @Nullable State state;
        private @Nullable CompletableFuture<State> fetching;

        private Keyring(URI address) {
            this.address = address;
        }

        /** Those that are here; null when there are none. Never waits. */
        synchronized @Nullable String atHand() {
            var now = nanos.getAsLong();
            if (state == null || state.keys == null || now - state.fetched > KEPT.toNanos()) {
                return null;
            }
            if (now - state.fetched > FRESH.toNanos() && now - state.tried > PAUSE.toNanos()) {
                fetch();
            }
            return state.keys;
        }

        /**
         * Others than these, where there may be any; else these.
         *
         * @throws RefusedException when that cannot be told now
         */
        String otherThan(@Nullable String keys) throws RefusedException {
            CompletableFuture<State> coming;
            synchronized (this) {
                var here = atHand();
                if (here != null && !here.equals(keys)) {
                    return here;
                }
                var age = state == null ? Long.MAX_VALUE : nanos.getAsLong() - state.tried;
                if (state != null && age <= (here == null ? RETRY : PAUSE).toNanos()) {
                    if (here == null || state.failed) {
                        throw unavailable();
                    }
                    return here;
                }
                coming = fetch();
            }
            try {
                var next = coming.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
                if (next.failed || next.keys == null) {
                    throw unavailable();
                }
                return next.keys;
            } catch (TimeoutException | ExecutionException e) {
                throw unavailable();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw unavailable();
            }
        }

        private synchronized CompletableFuture<State> fetch() {
            if (fetching == null) {
                var coming = new CompletableFuture<State>();
                fetching = coming;
                Thread.ofVirtual().name("keys").start(() -> coming.complete(fetched()));
            }
            return fetching;
        }

        private State fetched() {
            String keys = null;
            try {
                var text = source.fetch(address);
                if (!KeySet.isSound(text)) {
                    throw new IOException("what is there is no key set");
                }
                keys = text;
            } catch (IOException | RuntimeException | StackOverflowError e) {
                log.warn("The keys at {} cannot be fetched: {}", address, e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            synchronized (this) {
                var now = nanos.getAsLong();
                var next = keys != null
                        ? new State(keys, now, now, false)
                        : state == null
                                ? new State(null, now, now, true)
                                : new State(state.keys, state.fetched, now, true);
                state = next;
                fetching = null;
                return next;
            }
        }

        private RefusedException unavailable() {
            return new RefusedException(
                    Reason.UNAVAILABLE, "The sender's keys cannot be fetched now; send it again.", RETRY);
        }
    }
}
