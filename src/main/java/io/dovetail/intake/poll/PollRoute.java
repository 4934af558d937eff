package io.dovetail.intake.poll;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** A route of {@code routes/intake/}: asks a source for one page, and hands it over. */
public interface PollRoute {

    Poll poll();

    /** The secrets that it names, its source's host perhaps among them; it is off until all of them are there. */
    Set<String> secrets();

    /**
     * Asks once. Returns when what was read is stored.
     *
     * @param from where to read, {@code {since, from}}
     * @param page whom to hand it over to
     * @throws io.dovetail.event.FailedException when it cannot be read now, for whatever reason
     */
    void read(JsonNode from, Page page);
}
