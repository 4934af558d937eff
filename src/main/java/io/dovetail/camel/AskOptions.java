package io.dovetail.camel;

import io.dovetail.call.Credentials;
import io.dovetail.call.Statuses;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of an {@code https:} endpoint, of the names that they have in Camel's own component. */
record AskOptions(String method, Statuses answers, @Nullable Credentials credentials) {

    static final Set<String> NAMES =
            Set.of("httpMethod", "okStatusCodeRange", "authMethod", "authUsername", "authPassword", "authBearerToken");

    /**
     * Takes them out of {@code parameters}; what is left belongs to the address.
     *
     * @throws IllegalArgumentException naming the one that is wrong and what it should be
     */
    static AskOptions take(Map<String, String> parameters) {
        var method = parameters.getOrDefault("httpMethod", "GET");
        if (!Set.of("GET", "POST").contains(method)) {
            throw new IllegalArgumentException(
                    "httpMethod is GET or POST, not " + method + ": what is asked may be asked again");
        }
        var answers = Statuses.of(parameters.getOrDefault("okStatusCodeRange", "200-299"));
        var credentials = credentials(parameters);
        parameters.keySet().removeAll(NAMES);
        return new AskOptions(method, answers, credentials);
    }

    private static @Nullable Credentials credentials(Map<String, String> parameters) {
        var scheme = parameters.getOrDefault("authMethod", "");
        var user = parameters.get("authUsername");
        var password = parameters.get("authPassword");
        var token = parameters.get("authBearerToken");
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
                yield new Credentials(user, password);
            }
            case "Bearer" -> {
                if (token == null || user != null || password != null) {
                    throw new IllegalArgumentException("authMethod Bearer needs authBearerToken");
                }
                yield new Credentials(null, token);
            }
            default -> throw new IllegalArgumentException("authMethod is Basic or Bearer, not " + scheme);
        };
    }
}
