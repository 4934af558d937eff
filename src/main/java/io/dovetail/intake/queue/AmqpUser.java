package io.dovetail.intake.queue;

import io.dovetail.intake.Secrets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A sender by its name on the broker: {@code in.<connector>} is the sender {@code default}, and
 * {@code in.<connector>.<sender>} any other.
 */
record AmqpUser(String connector, String sender) {

    private static final Pattern NAME = Pattern.compile("in\\.([a-z0-9-]+)(?:\\.([^.]+))?");

    static Optional<AmqpUser> of(@Nullable String user) {
        var name = NAME.matcher(user == null ? "" : user);
        return name.matches()
                ? Optional.of(
                        new AmqpUser(name.group(1), name.group(2) == null ? Secrets.DEFAULT_SENDER : name.group(2)))
                : Optional.empty();
    }

    /** A sender by the one name of those that he has; others as they are. */
    static String oneName(String user) {
        return of(user).map(AmqpUser::name).orElse(user);
    }

    static String address(String connector) {
        return "in." + connector;
    }

    /** By which it logs in. */
    String name() {
        return sender.equals(Secrets.DEFAULT_SENDER) ? address() : address() + "." + sender;
    }

    String address() {
        return address(connector);
    }
}
