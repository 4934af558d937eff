package io.dovetail.catalogue;

import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where a canonical field comes from, in one connector.
 *
 * @param from the source's fields whose content it holds
 * @param chosenBy those that decide which content, or which of a few words, it holds
 */
record Origin(Set<String> from, Set<String> chosenBy) {

    /** By canonical field, as {@code lines[].quantity}. */
    static final class ByField extends TreeMap<String, Origin> {

        void from(String field, String source) {
            at(field).from.add(source);
            at(field).chosenBy.remove(source);
        }

        void chosenBy(String field, String source) {
            if (!at(field).from.contains(source)) {
                at(field).chosenBy.add(source);
            }
        }

        private Origin at(String field) {
            return computeIfAbsent(field, name -> new Origin(new TreeSet<>(), new TreeSet<>()));
        }
    }
}
