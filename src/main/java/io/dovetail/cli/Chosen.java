package io.dovetail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One dead letter, or all those of a key; and why. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class Chosen {

    @ArgGroup(multiplicity = "1")
    private Which which;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "why; it is kept")
    private String reason;

    static final class Which {

        @Parameters(paramLabel = "EVENTID", converter = EventId.class, description = "as \"hub dead list\" shows it")
        private @Nullable UUID id;

        @ArgGroup(exclusive = false)
        private @Nullable Key key;
    }

    static final class Key {

        @Option(names = "--connector", paramLabel = "NAME", required = true, description = "all those of a key …")
        private String connector;

        @Option(names = "--key", paramLabel = "KEY", required = true, description = "… of this connector")
        private String key;
    }

    /**
     * Does it.
     *
     * @param verb of the API's address
     * @return what was done to what
     */
    String carryOut(Api api, String verb) {
        var order = Json.MAPPER.createObjectNode().put("reason", reason);
        if (which.key == null) {
            api.post("/api/dead-letters/" + which.id + "/" + verb, order);
            return String.valueOf(which.id);
        }
        order.put("connector", which.key.connector).put("key", which.key.key);
        JsonNode answer = api.post("/api/dead-letters/" + verb, order);
        return "%s dead letters of %s".formatted(answer.elements().next().asText(), which.key.key);
    }
}
