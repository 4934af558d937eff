package io.dovetail;

import io.dovetail.relay.BusException;
import java.util.List;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.NestedExceptionUtils;

/** The one sentence, out of everything that was thrown, that tells a person why the hub does not start. */
final class WhyNot {

    private static final List<Class<? extends Throwable>> FOR_PEOPLE = List.of(
            CannotStartException.class,
            io.dovetail.ledger.postgres.CannotStartException.class,
            BusException.class,
            PortInUseException.class);

    private WhyNot() {}

    static String of(Throwable thrown) {
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (FOR_PEOPLE.contains(cause.getClass())) {
                return String.valueOf(cause.getMessage());
            }
            if (cause instanceof BindException setting) {
                return "The setting " + setting.getName() + " cannot be used: "
                        + NestedExceptionUtils.getMostSpecificCause(setting).getMessage();
            }
        }
        thrown.printStackTrace();
        return thrown.toString();
    }
}
