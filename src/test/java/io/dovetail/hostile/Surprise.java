package io.dovetail.hostile;

/** Something that must not happen, and after which attack. */
record Surprise(String attack, String what) {

    @Override
    public String toString() {
        return attack + ": " + what;
    }
}
