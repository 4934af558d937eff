package io.dovetail.operate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** In which files two versions differ, and how. */
final class VersionDiff {

    // of text in one answer; files beyond it are only named
    private static final int MAX_CHARS = 4 << 20;

    private VersionDiff() {}

    /**
     * @param change {@code added}, {@code removed} or {@code changed}
     * @param diff as {@code diff -u} writes it; null: there is too much of it, or it is no text
     */
    record FileDiff(String path, String change, @Nullable String diff) {}

    static List<FileDiff> between(Map<String, byte[]> before, Map<String, byte[]> after) {
        var paths = new TreeSet<>(before.keySet());
        paths.addAll(after.keySet());
        var diffs = new ArrayList<FileDiff>();
        var room = MAX_CHARS;
        for (var path : paths) {
            var from = before.get(path);
            var to = after.get(path);
            if (Arrays.equals(from, to)) {
                continue;
            }
            var diff = room > 0 ? UnifiedDiff.of(path, from, to) : null;
            if (diff != null && diff.length() > room) {
                diff = null;
                room = 0;
            }
            room -= diff == null ? 0 : diff.length();
            diffs.add(new FileDiff(path, from == null ? "added" : to == null ? "removed" : "changed", diff));
        }
        return List.copyOf(diffs);
    }
}
