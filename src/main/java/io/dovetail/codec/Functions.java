package io.dovetail.codec;

import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.impl.BuiltinFunctions;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The functions that stand before JSLT's own of the same names, and those that it lacks. */
final class Functions {

    static final List<Function> OURS = Stream.of(
                    Refused.FUNCTIONS,
                    Patterns.FUNCTIONS,
                    List.of(QueryValue.FUNCTION, SortBy.FUNCTION, ToXml.FUNCTION, BitAt.FUNCTION, ToUtc.FUNCTION))
            .flatMap(List::stream)
            .toList();

    private Functions() {}

    static boolean isKnown(String name) {
        return BuiltinFunctions.functions.containsKey(name)
                || OURS.stream().anyMatch(function -> function.getName().equals(name));
    }

    /** Ours or JSLT's. */
    static Function named(String name) {
        return OURS.stream()
                .filter(function -> function.getName().equals(name))
                .findFirst()
                .orElseGet(() -> Objects.requireNonNull(BuiltinFunctions.functions.get(name)));
    }
}
