package io.dovetail.call;

import java.io.IOException;
import java.time.Duration;

/** Carries requests to other systems. */
@FunctionalInterface
public interface Network {

    /**
     * Sends and waits for the whole answer.
     *
     * @throws IOException when there is none within the time, for whatever reason
     */
    Answer send(Request.Outgoing request, Duration within) throws IOException, InterruptedException;
}
