package io.dovetail.hostile;

/** Business numbers, none given out twice, and the same ones again for the same seed. */
final class Numbers {

    private final long base;
    private int given;

    Numbers(long seed) {
        base = 1_000_000L * Math.floorMod(seed, 1_000_000L) + 7_000_000_000_000L;
    }

    String next() {
        return Long.toString(base + given++);
    }
}
