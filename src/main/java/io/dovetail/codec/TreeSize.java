package io.dovetail.codec;

import java.util.Arrays;

/**
 * About how much memory the tree of a text takes, told from its bytes before anything is read: {@code [[]]} unfolds to
 * sixty times as much, and {@code "a text"} to a few times. Rather more than it is than less; on a 64-bit JVM with
 * compressed pointers.
 */
final class TreeSize {

    /** A map with its table, a list with its first places, a field with its text, an element of a list. */
    static final TreeSize JSON =
            new TreeSize(0).with('{', 160).with('[', 104).with(':', 96).with(',', 56);

    /** Of each element there are one or two, and each may be an object. */
    static final TreeSize XML = new TreeSize(0).with('<', 150).with('=', 120);

    /** Which characters divide is said in the text itself; seldom is it one beyond ASCII. */
    static final TreeSize EDI = new TreeSize(180)
            .with('0', '9', 0)
            .with('A', 'Z', 0)
            .with('a', 'z', 0)
            .with(' ', 0)
            .with((char) 0x80, (char) 0xFF, 40);

    private final int[] costs = new int[256];

    private TreeSize(int each) {
        Arrays.fill(costs, each);
    }

    private TreeSize with(char character, int cost) {
        return with(character, character, cost);
    }

    private TreeSize with(char first, char last, int cost) {
        for (var character = first; character <= last; character++) {
            costs[character] = cost;
        }
        return this;
    }

    /** In bytes. */
    long of(byte[] raw) {
        var size = (long) raw.length;
        for (var b : raw) {
            size += costs[b & 0xFF];
        }
        return size;
    }
}
