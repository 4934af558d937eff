package io.dovetail.intake.web;

import static org.springframework.web.bind.annotation.RequestMethod.DELETE;
import static org.springframework.web.bind.annotation.RequestMethod.GET;
import static org.springframework.web.bind.annotation.RequestMethod.HEAD;
import static org.springframework.web.bind.annotation.RequestMethod.OPTIONS;
import static org.springframework.web.bind.annotation.RequestMethod.PATCH;
import static org.springframework.web.bind.annotation.RequestMethod.POST;
import static org.springframework.web.bind.annotation.RequestMethod.PUT;

import io.dovetail.connector.answer.Answer;
import io.dovetail.connector.answer.Answers;
import io.dovetail.intake.Handshakes.Greeting;
import io.dovetail.intake.Intake;
import io.dovetail.intake.Receipt;
import io.dovetail.intake.RefusedException;
import io.dovetail.ledger.Acceptance;
import io.dovetail.ledger.Refusals;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Webhooks. Unless the connector has words of its own, answers 202 for what is new and 200 for what was here before,
 * both only after the durable store; and handshakes, which store nothing, as the connector says.
 */
@RestController
final class WebhookController {

    private static final Answer NO_CONTENT = Answer.bare(204);
    private static final Answers STORED = new Answers(NO_CONTENT, NO_CONTENT, Map.of());

    private final Intake intake;
    private final MeterRegistry meters;
    private final Brake brake = new Brake(System::nanoTime, new Random());

    WebhookController(Intake intake, MeterRegistry meters) {
        this.intake = intake;
        this.meters = meters;
    }

    // all of them named: Spring answers OPTIONS by itself where it is not
    @RequestMapping(
            path = {"/in/{connector}", "/in/{connector}/{tail}"},
            method = {GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS})
    void answer(
            @PathVariable String connector,
            @PathVariable(required = false) @Nullable String tail,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, HttpRequestMethodNotSupportedException {
        if (isGreeted(connector, tail, request, response)) {
            return;
        }
        var method = request.getMethod();
        if (!method.equals("POST")) {
            var taken = intake.methods(connector);
            if (!taken.contains(method)) {
                throw new HttpRequestMethodNotSupportedException(method, taken);
            }
        }
        receive(connector, tail, request, response);
    }

    /** Whether it was a handshake; it is answered then. */
    private boolean isGreeted(
            String connector, @Nullable String tail, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String outcome;
        try {
            var greeting = intake.greet(connector, new WebKnock(request, tail));
            if (greeting.isEmpty()) {
                return false;
            }
            greet(response, greeting.get(), request.getMethod());
            outcome = "answered";
        } catch (RefusedException e) {
            outcome = refuse(connector, request, response, e);
        }
        meters.counter("hub_handshakes_total", "connector", connector, "outcome", outcome)
                .increment();
        return true;
    }

    private static void greet(HttpServletResponse response, Greeting greeting, String method) throws IOException {
        greeting.answer().headers(greeting.challenge()).forEach(response::setHeader);
        if (method.equals("OPTIONS")) {
            response.setHeader("Allow", "POST");
        }
        // what a stranger sent is never shown as a page
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
        response.setHeader("Cache-Control", "no-store");
        Reply.of(greeting.answer(), greeting.challenge()).send(response);
    }

    private void receive(
            String connector, @Nullable String tail, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var sample = Timer.start(meters);
        try {
            var arrival = new WebArrival(request, tail);
            var outcome = confirm(connector, arrival, response, intake.receive(connector, arrival));
            stop(sample, connector, outcome);
        } catch (RefusedException e) {
            // before the brake: what it takes is no work
            stop(sample, connector, e.reason().label());
            refuse(connector, request, response, e);
        }
    }

    private void stop(Timer.Sample sample, String connector, String outcome) {
        // an unknown connector's name is the sender's invention: it must not become a time series
        var known = outcome.equals("unknown_connector") ? "?" : connector;
        sample.stop(meters.timer("hub_accept_seconds", "connector", known, "outcome", outcome));
    }

    private String confirm(String connector, WebArrival arrival, HttpServletResponse response, Receipt receipt)
            throws IOException {
        // what was put somewhere is there now, and nothing is to be said of it (RFC 9110, 9.3.4)
        var answers = arrival.isPut() ? STORED : intake.answers(connector);
        var id = receipt.acceptance().delivery();
        return switch (receipt.acceptance()) {
            case Acceptance.Accepted a -> {
                confirm(response, answers.accepted(), 202, id, "accepted", receipt);
                yield "accepted";
            }
            case Acceptance.Duplicate d -> {
                confirm(response, answers.duplicate(), 200, id, "duplicate", receipt);
                yield "duplicate";
            }
            case Acceptance.Conflict c -> throw new IllegalStateException("a conflict is refused before");
        };
    }

    /** In the protocol's form, in the vendor's words, or in the hub's. */
    private static void confirm(
            HttpServletResponse response, @Nullable Answer answer, int own, UUID id, String status, Receipt receipt)
            throws IOException {
        var acknowledgement = receipt.acknowledgement();
        if (acknowledgement != null || answer != null) {
            // no protocol has a place for it, few vendors have, and people ask for it
            response.setHeader("Delivery-Id", id.toString());
        }
        if (acknowledgement != null) {
            Reply.of(answer == null ? own : answer.status(), acknowledgement).send(response);
        } else if (answer != null) {
            Reply.of(answer, id.toString()).send(response);
        } else {
            Reply.of(own, "application/json", status(id, status)).send(response);
        }
    }

    private static String status(UUID id, String status) {
        return "{\"id\":\"" + id + "\",\"status\":\"" + status + "\"}";
    }

    private String refuse(
            String connector, HttpServletRequest request, HttpServletResponse response, RefusedException e)
            throws IOException {
        request.setAttribute(Refusals.COUNTED, true);
        if (e.reason().isOverLimit()) {
            brake.press(connector);
        }
        var answer = intake.answers(connector).refused(e.reason().word());
        var acknowledgement = e.acknowledgement();
        var reply = acknowledgement == null
                ? answer.map(words -> Reply.of(words, e.getMessage())).orElseGet(() -> Reply.of(e))
                : Reply.of(answer.map(Answer::status).orElse(e.reason().status()), acknowledgement);
        reply.explain(response, e);
        reply.send(response);
        return e.reason().label();
    }
}
