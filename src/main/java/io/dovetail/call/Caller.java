package io.dovetail.call;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;

/** What one event's translation may ask other systems by. */
@FunctionalInterface
public interface Caller {

    /** Of connectors that ask nobody. */
    Caller NOBODY = request -> {
        throw new FailedException(
                Failure.of(
                        FailureKind.MAPPING,
                        request.place(),
                        "calls",
                        "the connector does not say that its route asks other systems; declare \"calls\" in its connector.yaml"));
    };

    /**
     * Asks, and gives the answer's tree; null (as JSON has it) for an answer without one.
     *
     * @throws FailedException of kind EXTERNAL when it is worth asking again, REJECTED when it is not
     */
    JsonNode ask(Request request);

    /**
     * What {@link #ask} would send, for those who speak another protocol than HTTP: with the secrets in it, and for a
     * client a token that is got anew, since only HTTP would say when an old one counts no more.
     *
     * @throws FailedException of kind EXTERNAL when there is no token to be had now
     */
    default Request.Outgoing prepare(Request request) {
        throw new FailedException(Failure.of(
                FailureKind.MAPPING, request.place(), "calls", "only pollers speak another protocol than HTTP"));
    }
}
