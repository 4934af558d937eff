package io.dovetail.event;

import java.util.List;

/**
 * Which operators had a hand in what an event says, each once, the last one last.
 *
 * @param editedBy who changed what its sender said
 * @param approvedBy who approved a change of somebody else's
 */
public record Lineage(List<String> editedBy, List<String> approvedBy) {

    /** It says what its sender said. */
    public static final Lineage NONE = new Lineage(List.of(), List.of());

    public Lineage {
        editedBy = List.copyOf(editedBy);
        approvedBy = List.copyOf(approvedBy);
    }
}
