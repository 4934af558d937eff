package io.dovetail.intake.web;

import io.dovetail.connector.verify.Envelope;
import io.dovetail.intake.Intake;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A delivery by POST, or by PUT where a connector takes that. */
record WebArrival(HttpServletRequest request, @Nullable String tail) implements Intake.Arrival {

    @Override
    public Envelope envelope() {
        return WebEnvelope.of(request, tail);
    }

    @Override
    public boolean isPut() {
        return request.getMethod().equals("PUT");
    }

    @Override
    public List<String> parameters(String name) {
        return WebKnock.parameters(request, name);
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
