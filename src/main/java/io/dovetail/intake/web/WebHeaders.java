package io.dovetail.intake.web;

import io.dovetail.connector.verify.Headers;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;

/** The headers of a request. */
record WebHeaders(HttpServletRequest request) implements Headers {

    @Override
    public List<String> all(String name) {
        var values = request.getHeaders(name);
        return values.hasMoreElements() ? Collections.list(values) : List.of();
    }
}
