package io.dovetail.intake.web;

import io.dovetail.codec.Query;
import io.dovetail.connector.verify.Envelope;
import io.dovetail.intake.Handshakes;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request to a connector's address that may be a handshake. */
record WebKnock(HttpServletRequest request, @Nullable String tail) implements Handshakes.Knock {

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public Envelope envelope() {
        return WebEnvelope.of(request, tail);
    }

    @Override
    public List<String> parameters(String name) {
        return parameters(request, name);
    }

    // not the container's: it would take parameters from a form in the body too
    static List<String> parameters(HttpServletRequest request, String name) {
        var query = request.getQueryString();
        return query == null ? List.of() : Query.values(query, name);
    }

    @Override
    public boolean hasBody() throws IOException {
        return request.getContentLengthLong() > 0 || request.getInputStream().read() >= 0;
    }
}
