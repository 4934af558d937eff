package io.dovetail.intake.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.intake.poll.Handover;
import java.util.Set;

/** A route of {@code routes/intake/} that takes the files of a folder, one by one. */
public interface FileRoute {

    FileDoor door();

    /** The secrets that it names, the folder's place among them; it is off until all of them are there. */
    Set<String> secrets();

    /**
     * Takes one file. Returns when it is stored, if the route hands it over.
     *
     * @param about {@code {name, size, changedAt}}
     * @throws io.dovetail.event.FailedException when it cannot be taken now, for whatever reason
     */
    void take(JsonNode about, Handover file);
}
