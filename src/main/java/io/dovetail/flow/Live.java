package io.dovetail.flow;

import io.dovetail.connector.Configuration;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The version that is live. It changes between batches: whoever has begun with one ends with it, and the last to leave
 * an old one closes it. Nobody waits for anybody, since a batch may hang.
 */
public final class Live implements AutoCloseable {

    private static final class InUse {
        private final Version version;
        private int users = 1; // being live is a use

        InUse(Version version) {
            this.version = version;
        }
    }

    private InUse current;

    public Live(Version version) {
        this.current = new InUse(version);
    }

    public synchronized Configuration configuration() {
        return current.version.configuration();
    }

    /** The workflows that events may set off by it. */
    public Set<String> workflows() {
        return with(version -> version.policies().workflows());
    }

    /** Runs one batch with the version that is live now. */
    <T extends @Nullable Object> T with(Function<Version, T> batch) {
        var mine = enter();
        try {
            return batch.apply(mine.version);
        } finally {
            leave(mine);
        }
    }

    /** Makes {@code next} live for every batch that begins from now on. */
    public void become(Version next) {
        InUse previous;
        synchronized (this) {
            previous = current;
            current = new InUse(next);
        }
        leave(previous);
    }

    private synchronized InUse enter() {
        current.users++;
        return current;
    }

    private void leave(InUse version) {
        boolean last;
        synchronized (this) {
            last = --version.users == 0;
        }
        if (last) {
            version.version.close();
        }
    }

    @Override
    public void close() {
        InUse last;
        synchronized (this) {
            last = current;
        }
        leave(last);
    }
}
