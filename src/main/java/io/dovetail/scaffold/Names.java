package io.dovetail.scaffold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of others: their words, and how JSLT and YAML write them. */
final class Names {

    /** Stands in a path for the elements of a list. */
    static final String EACH = "[]";

    private static final Pattern BETWEEN_WORDS =
            Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^\\p{L}\\p{N}]+");
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}_@#$][\\p{L}\\p{N}_@#$:./ -]{0,63}");
    private static final Pattern BARE = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");
    private static final Set<String> DOMAINS = Set.of("com", "de", "eu", "io", "net", "org");
    private static final Set<String> KEYWORDS =
            Set.of("and", "as", "def", "else", "false", "for", "if", "import", "let", "null", "or", "true");

    private Names() {}

    /** {@code orderNumber}, {@code order_number} and {@code OrderNumber} are order, number. */
    static List<String> words(String name) {
        return Arrays.stream(BETWEEN_WORDS.split(name))
                .filter(word -> !word.isEmpty())
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList();
    }

    /** Whether an expression of a person would name such a field; others are left to the contract. */
    static boolean isPlain(String name) {
        return PLAIN.matcher(name).matches();
    }

    /** As a field of a canonical event; empty where none can be made of it. */
    static String camel(List<String> words) {
        var camel = new StringBuilder();
        for (var word : words) {
            var letters = word.replaceAll("[^a-z0-9]", "");
            if (!letters.isEmpty()) {
                camel.append(camel.isEmpty() ? letters : upper(letters));
            }
        }
        return camel.isEmpty() || Character.isDigit(camel.charAt(0)) ? "" : camel.toString();
    }

    /** The last three words, for file names; two where the first is of somebody's domain. */
    static String slug(List<String> words) {
        var some = words.stream()
                .map(word -> word.replaceAll("[^a-z0-9]", ""))
                .filter(word -> !word.isEmpty())
                .toList();
        var most = some.size() > 3 && DOMAINS.contains(some.getFirst()) ? 2 : 3;
        return String.join("-", some.subList(Math.max(0, some.size() - most), some.size()));
    }

    /** A path from the input of an expression. */
    static String jslt(List<String> path) {
        var text = new StringBuilder();
        for (var name : path) {
            text.append('.').append(BARE.matcher(name).matches() && !KEYWORDS.contains(name) ? name : quoted(name));
        }
        return text.isEmpty() ? "." : text.toString();
    }

    /** A text as JSLT and JSON write it. Names that are plain need nothing else. */
    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** A path as a person would say it. */
    static String dotted(List<String> path) {
        return String.join(".", path).replace("." + EACH, EACH);
    }

    /** An expression as a value of YAML. */
    static String yaml(String expression) {
        return expression.matches("(\\.[A-Za-z_][A-Za-z0-9_-]*)+")
                ? expression
                : "'" + expression.replace("'", "''") + "'";
    }

    /** {@code acme-desk} becomes {@code Acme Desk}. */
    static String title(String name) {
        return String.join(" ", Arrays.stream(name.split("-")).map(Names::upper).toList());
    }

    /** What somebody gave, cut and without characters that do something to a terminal. */
    static String shown(String text) {
        var shown = text.replaceAll("\\p{Cntrl}", "?");
        return shown.length() > 60 ? shown.substring(0, 60) + "…" : shown;
    }

    private static String upper(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    static List<String> child(List<String> path, String name) {
        var child = new ArrayList<>(path);
        child.add(name);
        return List.copyOf(child);
    }
}
