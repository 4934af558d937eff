package io.dovetail.call;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How the hub proves itself to the system it asks. Its texts may hold {@link SecretReference}s. */
public sealed interface Credentials {

    /** The value of {@code Authorization}. */
    String header(UnaryOperator<String> secrets);

    /** A user's name and password (RFC 7617). */
    record Basic(String user, String password) implements Credentials {

        @Override
        public String header(UnaryOperator<String> secrets) {
            return basic(SecretReference.resolve(user, secrets), SecretReference.resolve(password, secrets));
        }

        @Override
        public String toString() {
            return "Basic";
        }
    }

    /**
     * A token (RFC 6750).
     *
     * @param scheme the word before it, where that is not {@code Bearer}
     */
    record Bearer(String scheme, String token) implements Credentials {

        Bearer(String token) {
            this("Bearer", token);
        }

        @Override
        public String header(UnaryOperator<String> secrets) {
            return scheme + " " + SecretReference.resolve(token, secrets);
        }

        @Override
        public String toString() {
            return scheme;
        }
    }

    /**
     * A client that first gets itself a token (RFC 6749, section 4.4, or 4.3 with a user's password). The header is the one
     * for the token's endpoint; the system itself is shown the token.
     *
     * @param secret null: a public client, which only says its id
     * @param scope null: as the endpoint has it
     * @param user in whose name it asks; null: in its own
     */
    record Client(
            String id,
            @Nullable String secret,
            String endpoint,
            @Nullable String scope,
            @Nullable User user) implements Credentials {

        /** One that asks in its own name. */
        public Client(String id, String secret, String endpoint, @Nullable String scope) {
            this(id, secret, endpoint, scope, null);
        }

        @Override
        public String header(UnaryOperator<String> secrets) {
            if (secret == null) {
                return "";
            }
            // as a form has them (section 2.3.1), so that a secret may hold a colon
            return basic(form(SecretReference.resolve(id, secrets)), form(SecretReference.resolve(secret, secrets)));
        }

        /** What is sent to the endpoint. */
        byte[] body(UnaryOperator<String> secrets) {
            var body = new StringBuilder("grant_type=").append(user == null ? "client_credentials" : "password");
            append(body, "scope", scope, secrets);
            if (secret == null) {
                append(body, "client_id", id, secrets);
            }
            if (user != null) {
                append(body, "username", user.name, secrets);
                append(body, "password", user.password, secrets);
                append(body, "database", user.database, secrets);
            }
            return body.toString().getBytes(StandardCharsets.US_ASCII);
        }

        private static void append(
                StringBuilder body, String name, @Nullable String value, UnaryOperator<String> secrets) {
            if (value != null) {
                body.append('&').append(name).append('=').append(form(SecretReference.resolve(value, secrets)));
            }
        }

        private static String form(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return "Client";
        }
    }

    /**
     * For a system that takes a request only with a token which it has given before, and with the cookies of the session
     * in which it gave it.
     *
     * @param login by which both the token is asked for and the request is made; null: the form's body is all there is
     * @param endpoint where the token is asked for
     * @param form how it is asked for and shown; null: as {@code X-CSRF-Token}
     */
    record Session(
            @Nullable Credentials login,
            String endpoint,
            @Nullable Form form) implements Credentials {

        @Override
        public String header(UnaryOperator<String> secrets) {
            return login == null ? "" : login.header(secrets);
        }

        /** What is sent to begin it; null: nothing, it is asked for. */
        byte @Nullable [] body(UnaryOperator<String> secrets) {
            if (form == null || form.body == null) {
                return null;
            }
            return SecretReference.resolve(form.body.getBytes(StandardCharsets.UTF_8), secrets);
        }

        @Override
        public String toString() {
            return "Session";
        }
    }

    /**
     * Whose password a client shows.
     *
     * @param database where the user is known, for servers that have several; null: it does not say
     */
    record User(String name, String password, @Nullable String database) {

        @Override
        public String toString() {
            return "User";
        }
    }

    /**
     * A session in a vendor's own words.
     *
     * @param body JSON that is posted to begin one; null: it is asked for
     * @param token the field of the answer that holds the token
     * @param header in which it is shown
     * @param refusals the statuses by which it is said to count no more
     */
    record Form(@Nullable String body, String token, String header, Set<Integer> refusals) {

        @Override
        public String toString() {
            return "Form";
        }
    }

    private static String basic(String user, String password) {
        var pair = user + ":" + password;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
