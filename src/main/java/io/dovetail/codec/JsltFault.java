package io.dovetail.codec;

import com.schibsted.spt.data.jslt.JsltException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What JSLT says of a fault, in one sentence without places of its own. */
final class JsltFault {

    private static final String TOO_EARLY = "the expression ends too early";

    private static final Pattern LEXICAL = Pattern.compile(
            "Lexical error at line (\\d+), column (\\d+)\\.\\s+Encountered: (.*?)\\s*(?:\\(\\d+\\),)?\\s+after",
            Pattern.DOTALL);
    // the kind of a token and its text, as many as the parser looked ahead
    private static final Pattern TOKEN = Pattern.compile(
            "Encountered \"(?: (?:<\\w+>|\".*?\") \"(.*?) ?\"|<EOF>).*? at line (\\d+), column (\\d+)\\.",
            Pattern.DOTALL);

    private JsltFault() {}

    /** Line and column that JSLT puts into the text instead of into the exception; null where it does not. */
    static int @Nullable [] placeInText(JsltException e) {
        var message = String.valueOf(e.getMessageWithoutLocation());
        var token = TOKEN.matcher(message);
        if (token.find()) {
            return place(token.group(2), token.group(3));
        }
        var lexical = LEXICAL.matcher(message);
        return lexical.find() ? place(lexical.group(1), lexical.group(2)) : null;
    }

    private static int[] place(String line, String column) {
        return new int[] {Math.max(1, Integer.parseInt(line)), Math.max(1, Integer.parseInt(column))};
    }

    static String sentence(JsltException e) {
        var message = String.valueOf(e.getMessageWithoutLocation());
        var token = TOKEN.matcher(message);
        if (token.find()) {
            return token.group(1) == null
                    ? TOO_EARLY
                    : "unexpected '" + token.group(1).strip() + "'";
        }
        var lexical = LEXICAL.matcher(message);
        if (lexical.find()) {
            return lexical.group(3).startsWith("<EOF>")
                    ? TOO_EARLY
                    : "unexpected " + lexical.group(3).replace('"', '\'');
        }
        var refused = Refused.instead(message);
        if (refused != null) {
            return refused;
        }
        var end = message.indexOf('\n');
        return (end < 0 ? message : message.substring(0, end))
                .replace("Parse error: ", "")
                .strip();
    }
}
