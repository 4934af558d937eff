package io.dovetail.camel;

import io.dovetail.call.Credentials;
import io.dovetail.call.SecretReference;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parameters of an {@code https:} endpoint that say how a session is begun, in a vendor's own words. */
final class SessionOptions {

    private static final Pattern HEADER = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");
    private static final Pattern FIELD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
    private static final Set<Integer> MAY_REFUSE = Set.of(400, 401, 403);

    private SessionOptions() {}

    static Credentials.Session take(@Nullable Credentials login, Map<String, String> parameters) {
        var endpoint = parameters.get("sessionEndpoint");
        var token = parameters.get("sessionField");
        var header = parameters.get("sessionHeader");
        var body = parameters.get("sessionBody");
        if (endpoint == null || token == null || header == null) {
            throw new IllegalArgumentException("sessionEndpoint, sessionField and sessionHeader belong together");
        }
        if (parameters.containsKey("csrfTokenEndpoint")) {
            throw new IllegalArgumentException("a request is in one session: csrfTokenEndpoint or sessionEndpoint");
        }
        if (login == null && body == null) {
            throw new IllegalArgumentException(
                    "a session is somebody's: say authMethod, oauth2ClientId, or what logs in, as sessionBody");
        }
        if (!FIELD.matcher(token).matches()) {
            throw new IllegalArgumentException("sessionField is the name of a field of the answer, not " + token);
        }
        var problem = HeaderRules.problem(header.replace('_', '-'));
        if (!HEADER.matcher(header).matches() || problem != null) {
            throw new IllegalArgumentException("sessionHeader " + header + " is none that shows a session");
        }
        if (body != null) {
            check(body);
        }
        var form =
                new Credentials.Form(body, token, header, refusals(parameters.getOrDefault("sessionRefusedBy", "401")));
        return new Credentials.Session(login, AskOptions.fixed("sessionEndpoint", endpoint), form);
    }

    /** With numbers in the place of secrets, which may stand in quotation marks or alone. */
    private static void check(String body) {
        try {
            new JsonCodec().read(SecretReference.blank(body, "1").getBytes(StandardCharsets.UTF_8));
        } catch (MalformedException e) {
            throw new IllegalArgumentException("sessionBody is no JSON: " + e.getMessage());
        }
    }

    private static Set<Integer> refusals(String text) {
        try {
            var statuses = Arrays.stream(text.split(","))
                    .map(part -> Integer.valueOf(part.strip()))
                    .collect(Collectors.toUnmodifiableSet());
            if (MAY_REFUSE.containsAll(statuses)) {
                return statuses;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("sessionRefusedBy is a list of 400, 401 and 403, not " + text);
    }
}
