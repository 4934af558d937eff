package io.dovetail.codec;

import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.impl.BuiltinFunctions;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The functions that stand before JSLT's own of the same names. */
final class Functions {

    static final List<Function> OURS = Stream.concat(Refused.FUNCTIONS.stream(), Patterns.FUNCTIONS.stream())
            .toList();

    private Functions() {}

    /** Ours or JSLT's. */
    static Function named(String name) {
        return OURS.stream()
                .filter(function -> function.getName().equals(name))
                .findFirst()
                .orElseGet(() -> Objects.requireNonNull(BuiltinFunctions.functions.get(name)));
    }
}
