package io.dovetail.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.call.SecretReference;
import io.dovetail.codec.ExpressionException;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Route;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.support.DefaultExchange;

/** One loaded route, which events are sent through on the caller's thread. Safe for many threads. */
public final class HubRoute {

    private static final String WORK = "hub.work";

    private final String id;
    private final String file;
    private final byte[] content;
    private final Route start;

    HubRoute(String id, String file, byte[] content, Route route) {
        this.id = id;
        this.file = file;
        this.content = content;
        this.start = beginning(route);
    }

    public String id() {
        return id;
    }

    /** Its file's content, as it was loaded. */
    public byte[] content() {
        return content;
    }

    /** Where a failure of this route happened, in words: {@code routes/triggers/order.camel.yaml (route order)}. */
    public String place() {
        return file + " (route " + id + ")";
    }

    public String file() {
        return file;
    }

    /** Whether it begins with {@code hub:<verb>}, through a Kamelet or not. */
    public boolean beginsWith(String verb) {
        return start.getEndpoint() instanceof HubEndpoint hub && hub.name().equals(verb);
    }

    /** The parameters of the {@code hub:} endpoint it begins with, through a Kamelet or not; empty for other routes. */
    public Map<String, String> parameters() {
        return start.getEndpoint() instanceof HubEndpoint hub ? hub.parameters() : Map.of();
    }

    /**
     * Sends one message through the route and waits for its end. The message has this body, no header, and carries
     * {@code work} for the verbs, who find it with {@link #work}.
     *
     * @param unexpected the kind of a failure that is neither a {@link FailedException} nor an expression's
     * @throws FailedException whatever goes wrong, Errors included
     */
    public void run(JsonNode body, Object work, FailureKind unexpected) {
        Throwable failure;
        try {
            var exchange = new DefaultExchange(start.getCamelContext(), ExchangePattern.InOnly);
            exchange.getMessage().setBody(body);
            exchange.setProperty(WORK, work);
            start.getProcessor().process(exchange);
            failure = exchange.getException();
        } catch (Throwable t) {
            failure = t;
        }
        if (failure != null) {
            throw failed(failure, unexpected);
        }
    }

    /** What {@link #run} was given along with the body. */
    public static <T> T work(Exchange exchange, Class<T> type) {
        return type.cast(exchange.getProperty(WORK));
    }

    private FailedException failed(Throwable failure, FailureKind unexpected) {
        // Camel wraps what a choice or a split throws; a cause chain that long is a circle
        var cause = failure;
        for (var depth = 0; cause != null && depth < 20; depth++, cause = cause.getCause()) {
            if (cause instanceof FailedException known) {
                return known;
            }
            if (cause instanceof ExpressionException expression) {
                var message = SecretReference.words(expression.place() + ": " + expression.getMessage());
                return new FailedException(Failure.of(FailureKind.MAPPING, place(), "expression", message), failure);
            }
        }
        var message = SecretReference.words("the route fails with " + failure)
                + "; see the detail, and repair the route or report the bug";
        var rule = "route " + failure.getClass().getSimpleName();
        return new FailedException(
                new Failure(unexpected, place(), rule, message, null, SecretReference.words(stackTrace(failure))),
                failure);
    }

    private static String stackTrace(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** A route that begins with a Kamelet has a twin made of the Kamelet's template, which is where it really begins. */
    private static Route beginning(Route route) {
        if (route.getEndpoint() instanceof KameletEndpoint kamelet) {
            var twin = route.getCamelContext().getRoute(kamelet.getRouteId());
            return twin == null ? route : twin;
        }
        return route;
    }
}
