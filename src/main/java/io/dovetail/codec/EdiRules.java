package io.dovetail.codec;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a connector wants EDI to be read, and answered.
 *
 * @param charset whatever an interchange says of itself; null: as it says, and UTF-8 for X12, which says nothing
 * @param charsets of partners who write in another, by the name that their interchanges give them, in small letters
 * @param fate of what is broken, and of tests
 * @param partners those with a fate of their own, by the name that their interchanges give them, in small letters
 * @param loops by type of message ({@code 850}, {@code ORDERS}): the segments that begin a loop, as paths
 *     ({@code PO1}, {@code PO1/N1})
 * @param acknowledged whether a delivery is answered with TA1 and 997, or CONTRL
 */
public record EdiRules(
        @Nullable Charset charset,
        Map<String, Charset> charsets,
        Fate fate,
        Map<String, Fate> partners,
        Map<String, List<String>> loops,
        boolean acknowledged) {

    /** What becomes of interchanges that are not as they should be. */
    public record Fate(Broken broken, Tests tests) {}

    /** What is not taken when an envelope is wrong. */
    public enum Broken {
        /** The whole delivery is refused. */
        INTERCHANGE,
        /** A message, or all of a group, is parked; only what is wrong with the interchange refuses the delivery. */
        MESSAGE,
        /** All is taken, and says what was wrong. */
        NOTHING
    }

    /** What becomes of a message whose interchange says that it is a test. Never an event. */
    public enum Tests {
        PARK,
        IGNORE
    }

    private static final Fate STRICT = new Fate(Broken.INTERCHANGE, Tests.PARK);

    /** What holds where a connector says nothing. */
    public static final EdiRules DEFAULT = new EdiRules(null, Map.of(), STRICT, Map.of(), Map.of(), false);

    public EdiRules {
        charsets = Map.copyOf(charsets);
        partners = Map.copyOf(partners);
        loops = Map.copyOf(loops);
    }

    /** @param sender as an interchange names it */
    Fate fate(String sender) {
        return partners.getOrDefault(known(sender), fate);
    }

    /**
     * What his interchanges are written in, whatever they say; null: as they say.
     *
     * @param sender as an interchange names it
     */
    @Nullable
    Charset charset(String sender) {
        var own = charsets.get(known(sender));
        return own == null ? charset : own;
    }

    private static String known(String sender) {
        return sender.strip().toLowerCase(Locale.ROOT);
    }

    /** The same, with every message that is wrong told apart from the others. */
    EdiRules thorough() {
        return new EdiRules(charset, charsets, new Fate(Broken.MESSAGE, fate.tests()), Map.of(), loops, acknowledged);
    }
}
