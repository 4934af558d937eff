package io.dovetail.hostile;

import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One hostile case.
 *
 * @param ends how it may end where its sender has proved himself; without proof it is always refused
 * @param delivery made when it is fired: some are large
 * @param echo what must come out of it when it is accepted; null: nobody looks
 */
record Attack(
        String family,
        String name,
        Set<Ending> ends,
        Supplier<Delivery> delivery,
        @Nullable Echo echo) {

    private static final int LONGEST_NAME = 120;

    /** All of them are held at once, and some texts are a quarter of a megabyte. */
    Attack {
        name = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
    }

    static Attack of(String family, String name, Set<Ending> ends, Supplier<Delivery> delivery) {
        return new Attack(family, name, ends, delivery, null);
    }

    @Override
    public String toString() {
        var shown = new StringBuilder();
        name.chars().forEach(c -> {
            if (c >= ' ' && c < 0x7F) {
                shown.append((char) c);
            } else {
                shown.append("\\u%04x".formatted(c));
            }
        });
        return family + " [" + shown + "]";
    }
}
