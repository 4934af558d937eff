package io.dovetail.scaffold;

import com.fasterxml.jackson.databind.JsonNode;

/** A delivery that the engineer gave, as a sample of what the other side sends. */
record Specimen(String file, byte[] body, JsonNode tree) {

    /** The file's name without its ending, fit for a folder; empty where nothing is left. */
    String stem() {
        var name = file.substring(file.lastIndexOf('/') + 1);
        var dot = name.lastIndexOf('.');
        var stem = String.join("-", Names.words(dot > 0 ? name.substring(0, dot) : name))
                .replaceAll("[^a-z0-9-]", "");
        return stem.length() > 60 ? stem.substring(0, 60) : stem;
    }
}
