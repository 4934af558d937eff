package io.dovetail;

import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;

/** {@code hub run}: starts the hub, and says in one sentence why when it cannot. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        run(Map.of());
    }

    static void run(Map<String, Object> settings) {
        var application = new SpringApplication(HubApplication.class);
        application.setDefaultProperties(settings);
        application.setRegisterShutdownHook(true);
        try {
            application.run();
        } catch (RuntimeException e) {
            System.err.println("The hub does not start: " + reason(e));
            Runtime.getRuntime().halt(1);
        }
    }

    private static String reason(Throwable e) {
        var known = List.of(
                CannotStartException.class,
                io.dovetail.ledger.postgres.CannotStartException.class,
                io.dovetail.relay.BusException.class,
                org.springframework.boot.web.server.PortInUseException.class);
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (known.contains(cause.getClass())) {
                return String.valueOf(cause.getMessage());
            }
        }
        e.printStackTrace();
        return e.toString();
    }
}
