package io.dovetail.camel;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An address with places that an event fills in: {@code https://crm.example.com/customers/{number}?region={region}}. A
 * value stays in its place whatever it holds: it never becomes another segment, parameter or host.
 */
record AddressTemplate(String text) {

    static final Pattern PLACE = Pattern.compile("\\{([a-z][A-Za-z0-9]*)}");

    /** A parameter's whole value: where there is none, the parameter is left out. */
    static final Pattern OPTIONAL = Pattern.compile("\\{[a-z][A-Za-z0-9]*\\?}");

    private static final Pattern OPTIONAL_PAIR = Pattern.compile("([^={}]*=)\\{([a-z][A-Za-z0-9]*)\\?}");

    /** The last thing in an address: what another answer of the same system has named as the way on. */
    private static final Pattern REST = Pattern.compile("(?<=[^/]/)\\{([a-z][A-Za-z0-9]*)\\.\\.\\.}$");

    private static final Pattern WAY = Pattern.compile("/([A-Za-z0-9._~!$'()*+,;=:@/?&-]|%[0-9A-Fa-f]{2}){0,2000}");
    private static final Pattern ASTRAY = Pattern.compile("//|(^|/)(\\.|%2[eE]){1,2}([/;?]|$)|%2[fF]|%5[cC]");

    private static final Pattern AUTHORITY =
            Pattern.compile("[A-Za-z0-9.-]+(:\\d{1,5})?|\\[[0-9A-Fa-f:]+](:\\d{1,5})?");
    private static final Pattern PATH =
            Pattern.compile("([A-Za-z0-9._~!$'()*+,;=:@/-]|%[0-9A-Fa-f]{2}|" + PLACE + ")*");
    private static final int LONGEST_VALUE = 6_000;

    /** A value that no address may hold. */
    static final class UnfitException extends RuntimeException {
        UnfitException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * @param rest what follows the scheme, without the query
     * @param query names and values, not encoded
     * @throws IllegalArgumentException saying what is wrong
     */
    static AddressTemplate of(String scheme, String rest, Map<String, String> query) {
        var address = rest.replaceFirst("^//", "").replace("%7B", "{").replace("%7D", "}");
        var way = REST.matcher(address);
        if (way.find()) {
            if (!query.isEmpty()) {
                throw new IllegalArgumentException("behind {" + way.group(1)
                        + "...} nothing stands in an address: take the parameters away that are meant for it");
            }
            var before = of(scheme, way.replaceFirst(""), query);
            return new AddressTemplate(before.text + way.group());
        }
        var slash = address.indexOf('/');
        var authority = slash < 0 ? address : address.substring(0, slash);
        var path = slash < 0 ? "" : address.substring(slash);
        if (!AUTHORITY.matcher(authority).matches()) {
            throw new IllegalArgumentException(
                    "\"" + authority + "\" is no host with a port or without; no event fills it in,"
                            + " and a user's name stands in authUsername");
        }
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException("the path " + path + " has a character that an address cannot have;"
                    + " an event fills in {name}, a small letter with letters and digits behind it");
        }
        var text = new StringBuilder(scheme).append("://").append(authority).append(path);
        var separator = '?';
        for (var parameter : new TreeMap<>(query).entrySet()) {
            text.append(separator)
                    .append(encodeFixed(parameter.getKey()))
                    .append('=')
                    .append(
                            OPTIONAL.matcher(parameter.getValue()).matches()
                                    ? parameter.getValue()
                                    : encodeAroundPlaces(parameter.getValue()));
            separator = '&';
        }
        return new AddressTemplate(text.toString());
    }

    /** Scheme, host and port. */
    String site() {
        return site(text);
    }

    static String site(String address) {
        return address.replaceFirst("(?<=://)([^/?]+).*", "$1");
    }

    /** @throws UnfitException when a value is missing, or must not stand where it would */
    String fill(Function<String, @Nullable String> values) {
        var way = REST.matcher(text);
        if (way.find()) {
            var rest = values.apply(way.group(1));
            if (rest == null
                    || !WAY.matcher(rest).matches()
                    || ASTRAY.matcher(rest.replaceFirst("\\?.*", "")).find()) {
                throw new UnfitException("the value for {" + way.group(1)
                        + "...} is no way on from the host: it begins with /, and has no // and no . or .. in it");
            }
            return new AddressTemplate(way.replaceFirst("")).fill(values) + rest.substring(1);
        }
        return PLACE.matcher(chosen(values)).replaceAll(place -> {
            var name = place.group(1);
            var value = values.apply(name);
            if (value == null || value.isBlank()) {
                throw new UnfitException("there is no value for {" + name
                        + "}; let the contract require it, or ask only" + " where there is one");
            }
            if (value.length() > LONGEST_VALUE) {
                throw new UnfitException("the value for {" + name + "} has more than " + LONGEST_VALUE + " characters");
            }
            if (value.matches("(?s).*\\p{Cntrl}.*") || value.matches("(?s)(.*[/\\\\])?\\.\\.?([/\\\\].*)?")) {
                // encoded or not, some servers in between take it for the way to another address
                throw new UnfitException("the value for {" + name
                        + "} leads elsewhere: it has control characters, or the" + " segments . or ..");
            }
            return Matcher.quoteReplacement(encode(value));
        });
    }

    /** The address with those of its optional parameters for which there is a value. */
    private String chosen(Function<String, @Nullable String> values) {
        var question = text.indexOf('?');
        if (question < 0) {
            return text;
        }
        var parameters = Stream.of(text.substring(question + 1).split("&"))
                .map(parameter -> {
                    var optional = OPTIONAL_PAIR.matcher(parameter);
                    if (!optional.matches()) {
                        return parameter;
                    }
                    var value = values.apply(optional.group(2));
                    return value == null || value.isBlank() ? "" : optional.group(1) + "{" + optional.group(2) + "}";
                })
                .filter(parameter -> !parameter.isEmpty())
                .collect(Collectors.joining("&"));
        return text.substring(0, question) + (parameters.isEmpty() ? "" : "?" + parameters);
    }

    private static String encodeAroundPlaces(String text) {
        var encoded = new StringBuilder();
        var end = 0;
        for (var places = PLACE.matcher(text); places.find(); end = places.end()) {
            encoded.append(encodeFixed(text.substring(end, places.start()))).append(places.group());
        }
        return encoded.append(encodeFixed(text.substring(end))).toString();
    }

    /** Leaves what separates nothing in a query as its author wrote it. */
    private static String encodeFixed(String text) {
        return encode(text)
                .replace("%2C", ",")
                .replace("%3A", ":")
                .replace("%40", "@")
                .replace("%2F", "/")
                .replace("%24", "$")
                .replace("%28", "(")
                .replace("%29", ")");
    }

    /** All but what RFC 3986 calls unreserved. */
    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
