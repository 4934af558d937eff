package io.dovetail.scaffold;

import java.util.List;
import java.util.Map;

/**
 * A connector made from samples.
 *
 * @param files by their paths below the root
 * @param cases the names of its samples
 * @param guesses what a person should look at
 */
public record Proposal(Map<String, byte[]> files, List<String> cases, List<Guess> guesses) {

    /** @param about a word for the margin */
    public record Guess(String about, String what) {}
}
