package io.dovetail.camel;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The headers that a route may send when it asks another system. */
final class HeaderRules {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,63}");
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7E]{1,1000}");

    /** They frame a request, or say whose it is, or whom it is for. */
    private static final Set<String> FORBIDDEN = Set.of(
            "connection",
            "content-length",
            "date",
            "expect",
            "forwarded",
            "host",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "via",
            "range",
            "accept-encoding",
            "content-encoding",
            "cookie",
            "origin",
            "x-real-ip",
            "x-http-method",
            "x-method-override");

    private static final List<String> FORBIDDEN_BEGINNINGS = List.of(
            "camel", "proxy-", "sec-", "access-control-", "x-forwarded", "x-http-method-", "x-original-", "x-rewrite-");

    private HeaderRules() {}

    /** What is wrong with a header of this name; null when nothing is. */
    static @Nullable String problem(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        if (lower.equals("authorization")) {
            return "is not for a step to set: say authMethod at the endpoint";
        }
        if (!NAME.matcher(name).matches()
                || FORBIDDEN.contains(lower)
                || FORBIDDEN_BEGINNINGS.stream().anyMatch(lower::startsWith)) {
            return "is not for a route to set: it would change whom a request reaches, or how it is read; an event fills"
                    + " in the {places} of an address";
        }
        return null;
    }

    /** @throws AddressTemplate.UnfitException when the value is none for a header */
    static String fit(String name, String value) {
        if (!VALUE.matcher(value).matches()) {
            throw new AddressTemplate.UnfitException("the value for the header " + name
                    + " has characters that it cannot have, or more than 1,000 of them");
        }
        return value;
    }
}
