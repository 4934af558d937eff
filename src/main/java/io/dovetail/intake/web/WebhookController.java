package io.dovetail.intake.web;

import io.dovetail.connector.verify.Headers;
import io.dovetail.intake.Intake;
import io.dovetail.intake.RefusedException;
import io.dovetail.intake.RefusedException.Reason;
import io.dovetail.ledger.Acceptance;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Webhooks. Answers 202 for what is new and 200 for what was here before, both only after the durable store. */
@RestController
final class WebhookController {

    private final Intake intake;
    private final MeterRegistry meters;

    WebhookController(Intake intake, MeterRegistry meters) {
        this.intake = intake;
        this.meters = meters;
    }

    @PostMapping("/in/{connector}")
    void receive(@PathVariable String connector, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var sample = Timer.start(meters);
        String outcome;
        try {
            var acceptance = intake.receive(connector, new WebArrival(request));
            outcome = answer(response, acceptance);
        } catch (RefusedException e) {
            outcome = refuse(response, e);
        }
        // an unknown connector's name is the sender's invention: it must not become a time series
        var known = outcome.equals("unknown_connector") ? "?" : connector;
        sample.stop(meters.timer("hub_accept_seconds", "connector", known, "outcome", outcome));
    }

    private static String answer(HttpServletResponse response, Acceptance acceptance) throws IOException {
        return switch (acceptance) {
            case Acceptance.Accepted a -> {
                write(response, 202, "application/json", status(a.delivery(), "accepted"));
                yield "accepted";
            }
            case Acceptance.Duplicate d -> {
                write(response, 200, "application/json", status(d.first(), "duplicate"));
                yield "duplicate";
            }
            case Acceptance.Conflict c -> throw new IllegalStateException("a conflict is refused before");
        };
    }

    private static String status(UUID id, String status) {
        return "{\"id\":\"" + id + "\",\"status\":\"" + status + "\"}";
    }

    private static String refuse(HttpServletResponse response, RefusedException e) throws IOException {
        var reason = e.reason();
        if (reason.isPassing()) {
            response.setHeader("Retry-After", Long.toString(e.retryAfterSeconds()));
        }
        if (reason == Reason.UNAUTHENTICATED) {
            response.setHeader("WWW-Authenticate", "Webhook realm=\"dovetail\"");
        }
        if (reason == Reason.TOO_LARGE || reason == Reason.UNAUTHENTICATED) {
            // what is left of the body is not worth reading
            response.setHeader("Connection", "close");
        }
        write(response, reason.status(), "application/problem+json", Problem.json(reason, e.getMessage()));
        return reason.name().toLowerCase(Locale.ROOT);
    }

    private static void write(HttpServletResponse response, int status, String media, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType(media);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    private record WebArrival(HttpServletRequest request) implements Intake.Arrival {

        @Override
        public Headers headers() {
            return name -> {
                var values = request.getHeaders(name);
                return values.hasMoreElements() ? Collections.list(values) : List.of();
            };
        }

        @Override
        public @Nullable String media() {
            var type = request.getContentType();
            if (type == null) {
                return null;
            }
            var end = type.indexOf(';');
            return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        }

        @Override
        public long declaredLength() {
            return request.getContentLengthLong();
        }

        @Override
        public InputStream body() throws IOException {
            return request.getInputStream();
        }
    }
}
