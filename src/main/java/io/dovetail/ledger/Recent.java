package io.dovetail.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * What one transaction has just written, for the one that reads it next: a copy that saves reading it back. It takes
 * what there is room for and forgets what lies behind its reader; whatever is not here is read from the database.
 */
final class Recent<T> {

    private final long capacity;
    private final ToIntFunction<T> size;
    private final TreeMap<Long, T> bySeq = new TreeMap<>();
    private long bytes;

    /**
     * @param capacity in bytes
     * @param size of one, in bytes
     */
    Recent(long capacity, ToIntFunction<T> size) {
        this.capacity = capacity;
        this.size = size;
    }

    /** Keeps those for which there is room; only what is committed may be added. */
    synchronized void add(Map<Long, T> written) {
        written.forEach((seq, value) -> {
            if (bytes < capacity) {
                var before = bySeq.put(seq, value);
                bytes += size.applyAsInt(value) - (before == null ? 0 : size.applyAsInt(before));
            }
        });
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
        behind.values().forEach(value -> bytes -= size.applyAsInt(value));
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
