package io.dovetail.codec;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** What can be told from an expression's text, where JSLT keeps its syntax tree to itself. */
final class JsltText {

    private static final String NAME = "[A-Za-z0-9_\\u0080-\\uffff-]+";
    // possessive: Java's own way back through a choice is a call for each character, and a long text ends the stack
    private static final String SKIP = "\"(?:\\\\.|[^\"\\\\]++)*+\"|//[^\\n\\r]*";
    private static final Pattern SKIPPED = Pattern.compile(SKIP, Pattern.DOTALL);
    private static final Pattern CALL =
            Pattern.compile(SKIP + "|(?<![.$:A-Za-z0-9_-])(" + NAME + ")(?=\\s*\\()", Pattern.DOTALL);
    private static final Pattern DECLARED =
            Pattern.compile("\\blet\\s+(" + NAME + ")|\\bdef\\s+" + NAME + "\\s*\\(([^)]*)\\)");
    private static final Pattern DEFINED = Pattern.compile("\\bdef\\s+(" + NAME + ")");
    private static final Pattern USED = Pattern.compile("\\$(" + NAME + ")");

    private JsltText() {}

    /** The variables that the expression reads and does not declare. */
    static Set<String> freeVariables(String source) {
        var code = SKIPPED.matcher(source).replaceAll("\"\"");
        var free = new TreeSet<String>();
        USED.matcher(code).results().forEach(found -> free.add(found.group(1)));
        DECLARED.matcher(code).results().forEach(found -> {
            if (found.group(1) != null) {
                free.remove(found.group(1));
            } else {
                for (var parameter : found.group(2).split(",")) {
                    free.remove(parameter.strip());
                }
            }
        });
        return free;
    }

    /** The source with each call of a function of JSLT's own renamed, told its name and its offset. */
    static String renameCalls(String source, BiFunction<String, Integer, String> rename) {
        var defined = new HashSet<String>();
        DEFINED.matcher(source).results().forEach(found -> defined.add(found.group(1)));
        return CALL.matcher(source).replaceAll(found -> {
            var name = found.group(1);
            var own = name != null && Functions.isKnown(name) && !defined.contains(name);
            return java.util.regex.Matcher.quoteReplacement(own ? rename.apply(name, found.start()) : found.group());
        });
    }
}
