package io.dovetail.intake.web;

import io.dovetail.codec.Acknowledgement;
import io.dovetail.connector.answer.Answer;
import io.dovetail.intake.RefusedException;
import io.dovetail.intake.RefusedException.Reason;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What is answered: in the hub's words, or in those that the connector's vendor waits for. */
record Reply(int status, @Nullable String media, byte[] body) {

    /** In the hub's words. */
    static Reply of(int status, String media, String body) {
        return new Reply(status, media, body.getBytes(StandardCharsets.UTF_8));
    }

    /** In the vendor's, with a value in its place. */
    static Reply of(Answer answer, String value) {
        return new Reply(answer.status(), answer.contentType(), answer.body(value));
    }

    /** In the form of its protocol. */
    static Reply of(int status, Acknowledgement acknowledgement) {
        var body = acknowledgement.body();
        return new Reply(status, body.length == 0 ? null : acknowledgement.media(), body);
    }

    static Reply of(RefusedException e) {
        return of(e.reason().status(), "application/problem+json", Problem.json(e.reason(), e.getMessage()));
    }

    /** The headers of a refusal, whatever its words are. */
    void explain(HttpServletResponse response, RefusedException e) {
        var reason = e.reason();
        if (reason.isPassing()) {
            response.setHeader("Retry-After", Long.toString(e.retryAfterSeconds()));
        }
        if (status == Reason.UNAUTHENTICATED.status()) {
            response.setHeader("WWW-Authenticate", "Webhook realm=\"dovetail\"");
        }
        if (reason == Reason.TOO_LARGE || reason == Reason.UNAUTHENTICATED || reason == Reason.BAD_HANDSHAKE) {
            // what is left of the body is not worth reading
            response.setHeader("Connection", "close");
        }
    }

    void send(HttpServletResponse response) throws IOException {
        response.setStatus(status);
        if (media != null) {
            response.setContentType(media);
        }
        if (status != HttpServletResponse.SC_NO_CONTENT) {
            response.setContentLength(body.length);
        }
        response.getOutputStream().write(body);
    }
}
