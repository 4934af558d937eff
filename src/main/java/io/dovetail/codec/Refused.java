package io.dovetail.codec;

import com.fasterxml.jackson.databind.node.NullNode;
import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.impl.BuiltinFunctions;
import java.io.Reader;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an expression may not do: read files, and give another answer when it is asked again. */
final class Refused {

    private static final Map<String, String> WHY = Map.of(
            "now", "use $acceptedAt, which a replay repeats",
            "random", "the same event must always be translated in the same way",
            "uuid", "without arguments it never gives the same again");

    /** Stand before JSLT's own functions of these names. */
    static final List<Function> FUNCTIONS =
            List.of(demanding("now", Integer.MAX_VALUE), demanding("random", Integer.MAX_VALUE), demanding("uuid", 2));

    private Refused() {}

    static Reader resolve(String module) {
        throw new JsltException("import is refused: write the function into this file");
    }

    /** What to say instead of JSLT's complaint about the number of arguments; null when it is about something else. */
    static @Nullable String instead(String message) {
        for (var entry : WHY.entrySet()) {
            if (message.startsWith("Function '" + entry.getKey() + "' needs ")) {
                return entry.getKey() + "() is refused: " + entry.getValue();
            }
        }
        return null;
    }

    /** Demands more arguments than anybody gives: that is checked when a call is compiled, and JSLT says where. */
    private static Function demanding(String name, int atLeast) {
        var theirs = Objects.requireNonNull(BuiltinFunctions.functions.get(name));
        return new Ours(name, atLeast, given -> theirs.call(NullNode.instance, given));
    }
}
