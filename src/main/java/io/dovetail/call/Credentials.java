package io.dovetail.call;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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
     * A client that first gets itself a token (RFC 6749, section 4.4). The header is the one for the token's endpoint; the
     * system itself is shown the token.
     *
     * @param scope null: as the endpoint has it
     */
    record Client(
            String id,
            String secret,
            String endpoint,
            @Nullable String scope) implements Credentials {

        @Override
        public String header(UnaryOperator<String> secrets) {
            // as a form has them (section 2.3.1), so that a secret may hold a colon
            return basic(form(SecretReference.resolve(id, secrets)), form(SecretReference.resolve(secret, secrets)));
        }

        /** What is sent to the endpoint. */
        byte[] body() {
            var body = "grant_type=client_credentials" + (scope == null ? "" : "&scope=" + form(scope));
            return body.getBytes(StandardCharsets.US_ASCII);
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
     * For a system that takes a change only with a token which it has given before, against forged requests, and with the
     * cookies of the session in which it gave it.
     *
     * @param login by which both the token is asked for and the change is made
     * @param endpoint where the token is asked for
     */
    record Session(Credentials login, String endpoint) implements Credentials {

        @Override
        public String header(UnaryOperator<String> secrets) {
            return login.header(secrets);
        }

        @Override
        public String toString() {
            return "Session";
        }
    }

    private static String basic(String user, String password) {
        var pair = user + ":" + password;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
