package io.dovetail.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;

/** What stands behind the {@code ?} of an address (application/x-www-form-urlencoded). */
public final class Query {

    static final String UNDECODABLE = "\uFFFD";

    private Query() {}

    /** What it says for a parameter, in order: nothing where it names that alone, U+FFFD where a % encodes nothing. */
    public static List<String> values(String query, String name) {
        var values = new ArrayList<String>();
        for (var pair : query.split("&")) {
            var parts = pair.split("=", 2);
            if (decoded(parts[0]).equals(name)) {
                values.add(parts.length == 1 ? "" : decoded(parts[1]));
            }
        }
        return values;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            return UNDECODABLE;
        }
    }
}
