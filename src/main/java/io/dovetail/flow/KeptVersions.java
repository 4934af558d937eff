package io.dovetail.flow;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.UnreadableVersionException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.ledger.Claimed;
import io.dovetail.ledger.Outcome;
import io.dovetail.ledger.UnavailableException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Versions that were live once, loaded anew for what an operator replays "as then". The last few stay loaded; one that
 * has to go is closed by the last who uses it.
 */
public final class KeptVersions implements AutoCloseable {

    // each is two Camel contexts; an operator works with one or two at a time
    private static final int LOADED = 2;

    private static final class Kept {
        private final FutureTask<Version> loading;
        private int users = 1; // being here for the next one is a use

        Kept(FutureTask<Version> loading) {
            this.loading = loading;
        }
    }

    private final Function<String, Version> loader;
    private final LinkedHashMap<String, Kept> loaded = new LinkedHashMap<>(8, 0.75f, true);

    /** @param loader by a hash; throws {@link UnreadableVersionException} */
    public KeptVersions(Function<String, Version> loader) {
        this.loader = loader;
    }

    /**
     * What a version's files say, when all of it can be put to work.
     *
     * @throws UnreadableVersionException with what is wrong
     */
    public Configuration configuration(String hash) {
        return with(hash, Version::configuration);
    }

    /** Judges by the version that an operator wants; by the live one unless another is wanted. */
    @Nullable
    Outcome judge(Judge live, Claimed claimed, Function<Judge, @Nullable Outcome> by) {
        var wanted = claimed.asVersion();
        if (wanted == null || wanted.equals(live.version())) {
            return by.apply(live);
        }
        try {
            return with(wanted, version -> by.apply(live.by(version)));
        } catch (UnreadableVersionException e) {
            return new Outcome.Parked(
                    claimed,
                    Failure.of(
                            FailureKind.MAPPING,
                            "version " + wanted,
                            "version",
                            e.getMessage() + ". Replay the event as another version."));
        } catch (UnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            return live.failed(claimed, Judge.internal(e));
        }
    }

    <T extends @Nullable Object> T with(String hash, Function<Version, T> use) {
        var mine = enter(hash);
        try {
            return use.apply(version(hash, mine));
        } finally {
            leave(mine);
        }
    }

    private Kept enter(String hash) {
        Kept mine;
        Kept oldest = null;
        synchronized (this) {
            mine = loaded.computeIfAbsent(hash, wanted -> new Kept(new FutureTask<>(() -> loader.apply(wanted))));
            mine.users++;
            if (loaded.size() > LOADED) {
                oldest = loaded.pollFirstEntry().getValue();
            }
        }
        if (oldest != null) {
            leave(oldest);
        }
        return mine;
    }

    /** Whoever comes first loads it, with no lock held; the others wait for that. */
    private Version version(String hash, Kept kept) {
        kept.loading.run();
        try {
            return kept.loading.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnreadableVersionException unreadable) {
                // it stays so, and the next event need not wait for the same
                throw unreadable;
            }
            forget(hash, kept);
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the version " + hash + " is still being loaded", e);
        }
    }

    private void forget(String hash, Kept kept) {
        boolean mine;
        synchronized (this) {
            mine = loaded.remove(hash, kept);
        }
        if (mine) {
            leave(kept);
        }
    }

    private void leave(Kept kept) {
        boolean last;
        synchronized (this) {
            last = --kept.users == 0;
        }
        if (last && kept.loading.state() == FutureTask.State.SUCCESS) {
            kept.loading.resultNow().close();
        }
    }

    @Override
    public void close() {
        List<Kept> all;
        synchronized (this) {
            all = List.copyOf(loaded.values());
            loaded.clear();
        }
        all.forEach(this::leave);
    }
}
