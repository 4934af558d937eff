package io.dovetail.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction has just written, for the one that reads it next: a copy that saves reading it back. It takes
 * what there is room for and forgets what lies behind its reader; whatever is not here is read from the database.
 */
final class Recent<T> {

    // a record with its ids, hashes and keys, and its place in the map
    static final int OVERHEAD = 512;

    private final long capacity;
    private final ToIntFunction<T> size;
    private final TreeMap<Long, T> bySeq = new TreeMap<>();
    private long bytes;

    /**
     * @param capacity in bytes
     * @param size of one's content, in bytes
     */
    Recent(long capacity, ToIntFunction<T> size) {
        this.capacity = capacity;
        this.size = size;
    }

    /** Keeps those for which there is room; only what is committed may be added. */
    synchronized void add(Map<Long, T> written) {
        written.forEach((seq, value) -> {
            // one that does not fit must not leave an older one in its place
            forget(bySeq.remove(seq));
            if (bytes + OVERHEAD + size.applyAsInt(value) <= capacity) {
                bySeq.put(seq, value);
                bytes += OVERHEAD + size.applyAsInt(value);
            }
        });
    }

    private void forget(@Nullable T value) {
        if (value != null) {
            bytes -= OVERHEAD + size.applyAsInt(value);
        }
    }

    /**
     * Those that are here of what its reader has before it; all that comes before the first of them is forgotten.
     *
     * @param seqs rising
     */
    synchronized Map<Long, T> read(List<Long> seqs) {
        if (bySeq.isEmpty() || seqs.isEmpty()) {
            return Map.of();
        }
        var behind = bySeq.headMap(seqs.getFirst());
        behind.values().forEach(this::forget);
        behind.clear();
        var found = new HashMap<Long, T>();
        for (var seq : seqs) {
            var value = bySeq.get(seq);
            if (value != null) {
                found.put(seq, value);
            }
        }
        return found;
    }
}
