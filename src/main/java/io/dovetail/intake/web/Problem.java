package io.dovetail.intake.web;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.dovetail.intake.RefusedException.Reason;

/** Problem details (RFC 9457) without internals and without anything the sender sent. */
final class Problem {

    private Problem() {}

    static String json(Reason reason, String detail) {
        return "{\"type\":\"urn:dovetail:problem:%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}"
                .formatted(
                        reason.word(),
                        reason.title(),
                        reason.status(),
                        new String(JsonStringEncoder.getInstance().quoteAsString(detail)));
    }
}
