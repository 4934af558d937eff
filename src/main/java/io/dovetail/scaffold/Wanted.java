package io.dovetail.scaffold;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an engineer asks for.
 *
 * @param name of the connector
 * @param samples files with deliveries, as the other side sends them; at least one
 * @param emits the canonical type for a kind of event; under the empty name for the only kind there is
 * @param split where the business events stand in a delivery; null: as it looks
 * @param headers a file with the headers of a delivery, a line each; null: none
 */
public record Wanted(
        String name,
        List<Path> samples,
        Map<String, String> emits,
        @Nullable String split,
        @Nullable Path headers) {

    public Wanted {
        samples = List.copyOf(samples);
        emits = Map.copyOf(emits);
    }
}
