package io.dovetail.camel;

import io.dovetail.call.Allowance;
import io.dovetail.call.Credentials;
import io.dovetail.call.Reading;
import io.dovetail.call.SecretReference;
import io.dovetail.call.Statuses;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of an {@code https:} endpoint, of the names that they have in Camel's own component. */
record AskOptions(
        String method,
        Reading reading,
        @Nullable Credentials credentials,
        @Nullable Allowance allowance) {

    static final Set<String> NAMES = Set.of(
            "httpMethod",
            "okStatusCodeRange",
            "authMethod",
            "authUsername",
            "authPassword",
            "authBearerToken",
            "authScheme",
            "absentCodes",
            "comeAgainHeader",
            "oauth2ClientId",
            "oauth2ClientSecret",
            "oauth2TokenEndpoint",
            "oauth2Scope",
            "oauth2Username",
            "oauth2Password",
            "oauth2Database",
            "csrfTokenEndpoint",
            "sessionEndpoint",
            "sessionBody",
            "sessionField",
            "sessionHeader",
            "sessionRefusedBy",
            "allowanceHeader",
            "allowanceResetHeader",
            "allowanceReserve",
            "answerHeaders",
            "answerSignedBy",
            "answerKeptFor",
            "answerPassing");

    private static final String HEADER = "[A-Za-z][A-Za-z0-9-]{0,63}";
    private static final Duration LONGEST_KEPT = Duration.ofHours(1);
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH");

    /**
     * Takes them out of {@code parameters}; what is left belongs to the address.
     *
     * @throws IllegalArgumentException naming the one that is wrong and what it should be
     */
    static AskOptions take(Map<String, String> parameters) {
        var method = parameters.getOrDefault("httpMethod", "GET");
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException(
                    "httpMethod is GET, POST, PUT or PATCH, not " + method + ": what is asked may be asked again");
        }
        var reading = reading(method, parameters);
        var login = credentials(parameters);
        var credentials =
                parameters.keySet().stream().anyMatch(name -> NAMES.contains(name) && name.startsWith("session"))
                        ? SessionOptions.take(login, parameters)
                        : session(method, login, parameters.get("csrfTokenEndpoint"));
        var allowance = allowance(parameters);
        parameters.keySet().removeAll(NAMES);
        return new AskOptions(method, reading, credentials, allowance);
    }

    private static Reading reading(String method, Map<String, String> parameters) {
        var absent = parameters.getOrDefault("absentCodes", "");
        if (!absent.matches("(\\w{1,100}(,\\w{1,100}){0,9})?")) {
            throw new IllegalArgumentException(
                    "absentCodes are words with commas between, as resyncRequired,syncStateNotFound");
        }
        var comeAgain = parameters.get("comeAgainHeader");
        if (comeAgain != null && !comeAgain.matches(HEADER)) {
            throw new IllegalArgumentException("comeAgainHeader is the name of a header, as X-Rate-Limit-Reset");
        }
        return new Reading(
                Statuses.of(parameters.getOrDefault("okStatusCodeRange", "200-299")),
                absent.isEmpty() ? Set.of() : Set.of(absent.split(",")),
                passing(parameters.getOrDefault("answerPassing", "")),
                answerHeaders(parameters.getOrDefault("answerHeaders", "")),
                comeAgain,
                signedBy(parameters.get("answerSignedBy")),
                keptFor(method, parameters.get("answerKeptFor")));
    }

    private static List<String> answerHeaders(String names) {
        if (!names.matches("(" + HEADER + "(, *" + HEADER + "){0,15})?")) {
            throw new IllegalArgumentException(
                    "answerHeaders are names with commas between them, as X-Total-Count,Link, not " + names);
        }
        return names.isEmpty() ? List.of() : List.of(names.split(", *"));
    }

    private static Set<String> passing(String codes) {
        if (!codes.matches("(\\w+(,\\w+)*)?")) {
            throw new IllegalArgumentException("answerPassing are codes of errors with commas between them");
        }
        return codes.isEmpty() ? Set.of() : Set.of(codes.split(","));
    }

    private static @Nullable String signedBy(@Nullable String keys) {
        if (keys != null && SecretReference.name(keys) == null) {
            throw new IllegalArgumentException(
                    "answerSignedBy is a secret, {{<connector>.<secret>}}, whose file holds the keys (a JWKS)");
        }
        return keys;
    }

    private static Duration keptFor(String method, @Nullable String text) {
        if (text == null) {
            return Duration.ZERO;
        }
        try {
            var life = Duration.parse(text);
            if (method.equals("GET") && life.isPositive() && life.compareTo(LONGEST_KEPT) <= 0) {
                return life;
            }
        } catch (DateTimeParseException e) {
            // said below
        }
        throw new IllegalArgumentException("answerKeptFor is a time as PT5M, at most PT1H, and for GET");
    }

    boolean sends() {
        return !method.equals("GET");
    }

    private static @Nullable Credentials credentials(Map<String, String> parameters) {
        return parameters.keySet().stream().anyMatch(name -> name.startsWith("oauth2"))
                ? client(parameters)
                : password(parameters);
    }

    private static @Nullable Allowance allowance(Map<String, String> parameters) {
        var header = parameters.get("allowanceHeader");
        var reset = parameters.get("allowanceResetHeader");
        var reserve = parameters.getOrDefault("allowanceReserve", "0");
        if (header == null) {
            if (reset != null || !reserve.equals("0")) {
                throw new IllegalArgumentException(
                        "allowanceHeader is missing: the header in which an answer says how many requests are left");
            }
            return null;
        }
        // a Kamelet's parameter is not filled in while it is checked
        if (!reserve.matches("\\d{1,9}|x")) {
            throw new IllegalArgumentException("allowanceReserve is a whole number of requests, not " + reserve);
        }
        return new Allowance(header, reset, reserve.equals("x") ? 0 : Long.parseLong(reserve));
    }

    /** Camel knows them without an authMethod. */
    private static Credentials client(Map<String, String> parameters) {
        var id = parameters.get("oauth2ClientId");
        var secret = parameters.get("oauth2ClientSecret");
        var endpoint = parameters.get("oauth2TokenEndpoint");
        var user = user(parameters);
        if (id == null || secret == null && user == null || endpoint == null) {
            throw new IllegalArgumentException(
                    "oauth2ClientId, oauth2ClientSecret and oauth2TokenEndpoint belong together");
        }
        if (parameters.keySet().stream().anyMatch(name -> name.startsWith("auth"))) {
            throw new IllegalArgumentException("a client of OAuth 2 shows the token it gets: without authMethod");
        }
        var address = fixed("oauth2TokenEndpoint", endpoint);
        return new Credentials.Client(id, secret, address, parameters.get("oauth2Scope"), user);
    }

    private static Credentials.@Nullable User user(Map<String, String> parameters) {
        var name = parameters.get("oauth2Username");
        var password = parameters.get("oauth2Password");
        var database = parameters.get("oauth2Database");
        if (name == null && password == null && database == null) {
            return null;
        }
        if (name == null || password == null) {
            throw new IllegalArgumentException("oauth2Username and oauth2Password belong together");
        }
        return new Credentials.User(name, password, database);
    }

    private static @Nullable Credentials session(
            String method, @Nullable Credentials login, @Nullable String endpoint) {
        if (endpoint == null) {
            return login;
        }
        if (login == null || method.equals("GET")) {
            throw new IllegalArgumentException(
                    "csrfTokenEndpoint is for what changes something, in somebody's name: say"
                            + " httpMethod, and authMethod or oauth2ClientId");
        }
        return new Credentials.Session(login, fixed("csrfTokenEndpoint", endpoint), null);
    }

    static String fixed(String name, String endpoint) {
        var parts = endpoint.split("://", 2);
        if (parts.length < 2 || !Set.of("http", "https").contains(parts[0])) {
            throw new IllegalArgumentException(name + " is an address, as https://idp.example.com/token");
        }
        var address = AddressTemplate.of(parts[0], parts[1], Map.of()).text();
        if (AddressTemplate.PLACE.matcher(address).find()) {
            throw new IllegalArgumentException(name + " is the same for every event");
        }
        return address;
    }

    /** @throws IllegalArgumentException when it would show the cookies of one system to another */
    void suit(AddressTemplate address) {
        if (credentials instanceof Credentials.Session session
                && !AddressTemplate.site(session.endpoint()).equals(address.site())) {
            throw new IllegalArgumentException((session.form() == null ? "csrfTokenEndpoint" : "sessionEndpoint")
                    + " has the scheme, host and port of the address: its cookies are shown there");
        }
    }

    private static @Nullable Credentials password(Map<String, String> parameters) {
        var scheme = parameters.getOrDefault("authMethod", "");
        var user = parameters.get("authUsername");
        var password = parameters.get("authPassword");
        var token = parameters.get("authBearerToken");
        if (parameters.containsKey("authScheme") && !scheme.equals("Bearer")) {
            throw new IllegalArgumentException("authScheme belongs to authMethod Bearer");
        }
        return switch (scheme) {
            case "" -> {
                if (user != null || password != null || token != null) {
                    throw new IllegalArgumentException("authMethod is missing: Basic or Bearer");
                }
                yield null;
            }
            case "Basic" -> {
                if (user == null || password == null || token != null) {
                    throw new IllegalArgumentException("authMethod Basic needs authUsername and authPassword");
                }
                yield new Credentials.Basic(user, password);
            }
            case "Bearer" -> {
                if (token == null || user != null || password != null) {
                    throw new IllegalArgumentException("authMethod Bearer needs authBearerToken");
                }
                var word = parameters.getOrDefault("authScheme", "Bearer");
                if (!word.matches("[A-Za-z][A-Za-z0-9-]{0,31}")) {
                    throw new IllegalArgumentException("authScheme is the word before the token, as Bearer");
                }
                yield new Credentials.Bearer(word, token);
            }
            default -> throw new IllegalArgumentException("authMethod is Basic or Bearer, not " + scheme);
        };
    }
}
