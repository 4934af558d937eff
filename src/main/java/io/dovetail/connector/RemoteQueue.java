package io.dovetail.connector;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A queue of another system's broker whose messages are deliveries of a connector, read over AMQP 1.0. Where it is and
 * how the hub proves itself there stands in secrets. Media types and the largest body are the webhook's.
 *
 * @param sender in whose name the messages are; the broker has proved whoever may send there
 */
public record RemoteQueue(Login login, String sender) {

    /** The broker's address, such as {@code wss://host/protocols/amqp10ws} or {@code amqps://host:5671}. */
    public static final String URL = "queue-url";

    /** The queue's name, as the broker has it. */
    public static final String NAME = "queue-name";

    public static final String CLIENT_ID = "queue-client-id";
    public static final String CLIENT_SECRET = "queue-client-secret";
    public static final String TOKEN_URL = "queue-token-url";
    public static final String USER = "queue-user";
    public static final String PASSWORD = "queue-password";

    /** How the hub proves itself to the broker. */
    public enum Login {
        /** As a client that gets itself tokens (RFC 6749, section 4.4). */
        OAUTH2(CLIENT_ID, CLIENT_SECRET, TOKEN_URL),
        /** With a user's name and password. */
        PLAIN(USER, PASSWORD);

        private final Set<String> secrets;

        Login(String... secrets) {
            this.secrets = Set.of(secrets);
        }
    }

    /** The names of the secrets that must be there before it is read. */
    public Set<String> secrets(String connector) {
        return Stream.concat(Stream.of(URL, NAME), login.secrets.stream())
                .map(secret -> connector + "." + secret)
                .collect(Collectors.toUnmodifiableSet());
    }
}
