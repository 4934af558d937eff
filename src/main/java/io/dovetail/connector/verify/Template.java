package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a digest covers: text in which {@code {id}}, {@code {timestamp}} and {@code {body}} stand for their values. */
record Template(String text) {

    private static final Pattern FORM = Pattern.compile("([^{}]|\\{(id|timestamp|body)})*");
    private static final Pattern HEADERS = Pattern.compile("\\{(id|timestamp)}");
    // what follows the id, or what is before it where the id is the last value
    private static final Pattern SEPARATOR = Pattern.compile("\\{id}([^{}]+)\\{|([^{}]+)\\{id}[^{}]*$");
    private static final String BODY = "{body}";

    Template {
        if (!FORM.matcher(text).matches()) {
            throw new UnsoundException(
                    "signed", "signed knows {id}, {timestamp} and {body}, and no other braces: " + text);
        }
        if (!once(text, BODY)) {
            throw new UnsoundException("signed", "signed must hold {body} exactly once: " + text);
        }
        if (has(text, "id") && !once(text, "{id}") || has(text, "timestamp") && !once(text, "{timestamp}")) {
            throw new UnsoundException("signed", "signed may hold {id} and {timestamp} once each: " + text);
        }
    }

    boolean has(String name) {
        return has(text, name);
    }

    private static boolean has(String text, String name) {
        return text.contains("{" + name + "}");
    }

    private static boolean once(String text, String piece) {
        return text.contains(piece) && text.indexOf(piece) == text.lastIndexOf(piece);
    }

    /**
     * Whether the id ends where it seems to: with the text that parts it from its neighbour inside, the end of an id
     * could be passed off as the beginning of what follows.
     */
    boolean canHold(String id) {
        var separator = SEPARATOR.matcher(text);
        return !separator.find() || !id.contains(separator.group(separator.group(1) == null ? 2 : 1));
    }

    /** What the digest covers, in front of the body and behind it. */
    byte[] head(String id, String timestamp) {
        return fill(text.substring(0, text.indexOf(BODY)), id, timestamp);
    }

    byte[] tail(String id, String timestamp) {
        return fill(text.substring(text.indexOf(BODY) + BODY.length()), id, timestamp);
    }

    // in one go: an id that looks like a placeholder stays an id
    private static byte[] fill(String text, String id, String timestamp) {
        return HEADERS.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1).equals("id") ? id : timestamp))
                .getBytes(UTF_8);
    }
}
