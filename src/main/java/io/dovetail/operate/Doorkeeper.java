package io.dovetail.operate;

import io.dovetail.ledger.Actor;
import io.dovetail.ledger.Refusals;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;

/** Answers whoever is not let in, or may not do what he wants, and has it counted for the audit. */
final class Doorkeeper implements AuthenticationEntryPoint, AccessDeniedHandler {

    private static final int LONGEST_PLACE = 120;

    private final Refusals refusals;
    private final MeterRegistry meters;

    Doorkeeper(Refusals refusals, MeterRegistry meters) {
        this.refusals = refusals;
        this.meters = meters;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        var why = "no_password";
        var actor = Actor.UNKNOWN;
        var status = HttpServletResponse.SC_UNAUTHORIZED;
        if (e instanceof LoginRefusedException refused) {
            why = refused.why().name().toLowerCase(Locale.ROOT);
            actor = refused.name().isEmpty() ? Actor.UNKNOWN : Actor.of(refused.name());
            if (refused.why() == LoginRefusedException.Why.TOO_OFTEN) {
                status = 429;
                response.setHeader("Retry-After", Long.toString(refused.retryAfterSeconds()));
            }
        } else if (request.getHeader("Authorization") != null) {
            why = "malformed";
        }
        count(request, actor, "login-refused", why, request.getRemoteAddr());
        meters.counter("hub_logins_refused_total", "reason", why).increment();
        if (status == HttpServletResponse.SC_UNAUTHORIZED) {
            response.setHeader("WWW-Authenticate", "Basic realm=\"Dovetail\"");
        }
        response.sendError(status);
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
            throws IOException {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        var actor = authentication != null && authentication.getPrincipal() instanceof Operator operator
                ? operator.actor()
                : Actor.UNKNOWN;
        var place = request.getMethod() + " " + request.getRequestURI();
        count(
                request,
                actor,
                "request-refused",
                "forbidden",
                place.substring(0, Math.min(place.length(), LONGEST_PLACE)));
        response.sendError(HttpServletResponse.SC_FORBIDDEN);
    }

    private void count(HttpServletRequest request, Actor actor, String action, String subject, String about) {
        refusals.count(actor, action, subject, about);
        request.setAttribute(Refusals.COUNTED, true);
    }
}
