package io.dovetail.intake.web;

import io.dovetail.connector.verify.Envelope;
import io.dovetail.intake.Handshakes;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request to a connector's address that may be a handshake. */
record WebKnock(HttpServletRequest request, @Nullable String tail) implements Handshakes.Knock {

    private static final String UNDECODABLE = "\uFFFD";

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
        var values = new ArrayList<String>();
        var query = request.getQueryString();
        for (var pair : query == null ? new String[0] : query.split("&")) {
            var equals = pair.indexOf('=');
            if (decoded(equals < 0 ? pair : pair.substring(0, equals)).equals(name)) {
                values.add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return UNDECODABLE;
        }
    }

    @Override
    public boolean hasBody() throws IOException {
        return request.getContentLengthLong() > 0 || request.getInputStream().read() >= 0;
    }
}
