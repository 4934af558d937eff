package io.dovetail.codec;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Patterns of ours on the texts of others, within bounds. Many a harmless pattern reads a text of a certain shape over
 * and over: {@code ^0+(?=[0-9]+$)} takes minutes for a megabyte of zeros with a letter behind, and nothing can interrupt
 * it.
 */
public final class Bounded {

    // what is meant to match reads a character a few times; short texts may take what patterns they like
    private static final long READS = 100_000;
    private static final long READS_PER_CHARACTER = 50;

    private Bounded() {}

    /** Whether the pattern is found in the text. */
    public static boolean find(Pattern pattern, String text) throws SlowPatternException {
        return match(pattern, text, Matcher::find);
    }

    /** What is asked of the pattern's matcher, before it has read more than is sound. */
    static <T> T match(Pattern pattern, String text, Function<Matcher, T> ask) throws SlowPatternException {
        try {
            return ask.apply(pattern.matcher(new Counted(text)));
        } catch (Exhausted | StackOverflowError e) { // Java's own matching recurses where a group repeats
            throw new SlowPatternException(text.length());
        }
    }

    private static final class Exhausted extends RuntimeException {

        Exhausted() {
            super(null, null, false, false);
        }
    }

    private static final class Counted implements CharSequence {

        private final String text;
        private long left;

        Counted(String text) {
            this.text = text;
            this.left = READS + READS_PER_CHARACTER * text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new Exhausted();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
