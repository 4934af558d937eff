package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import com.schibsted.spt.data.jslt.impl.Location;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Map;

/**
 * Finds the call that failed. JSLT's own functions do not know where they were called; here each call gets a function of
 * its own that does. Only for failures: it compiles the expression again.
 */
final class Locating {

    private Locating() {}

    /** The same failure with its place, if applying the expression again gives one; else the failure as it is. */
    static JsltException locate(JsltException failure, String source, JsonNode input, Map<String, JsonNode> variables) {
        try {
            compile(source).apply(variables, input);
        } catch (JsltException located) {
            return located.getLine() > 0 ? located : failure;
        } catch (RuntimeException | StackOverflowError e) {
            return failure;
        }
        return failure;
    }

    private static Expression compile(String source) {
        var calls = new ArrayList<Function>();
        var renamed = JsltText.renameCalls(source, (name, offset) -> {
            var before = source.substring(0, offset);
            var line = (int) before.chars().filter(c -> c == '\n').count() + 1;
            var column = offset - before.lastIndexOf('\n');
            var call = new Call(name + "--" + calls.size(), Functions.named(name), new Location("", line, column));
            calls.add(call);
            return call.getName();
        });
        return new Parser(new StringReader(renamed))
                .withFunctions(calls)
                .withResourceResolver(Refused::resolve)
                .compile();
    }

    private record Call(String name, Function function, Location location) implements Function {

        @Override
        public String getName() {
            return name;
        }

        @Override
        public int getMinArguments() {
            return function.getMinArguments();
        }

        @Override
        public int getMaxArguments() {
            return function.getMaxArguments();
        }

        @Override
        public JsonNode call(JsonNode input, JsonNode[] arguments) {
            try {
                return function.call(input, arguments);
            } catch (JsltException e) {
                throw e.getLine() > 0 ? e : new JsltException(e.getMessageWithoutLocation(), location);
            }
        }
    }
}
