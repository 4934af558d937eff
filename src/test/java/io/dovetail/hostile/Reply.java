package io.dovetail.hostile;

/** What a door answered. {@code said} is all that came back, for whoever looks for what must not be in it. */
sealed interface Reply {

    String said();

    record Refused(String how, String said) implements Reply {}

    /** @param again whether the hub knew it */
    record Taken(String id, boolean again, String said) implements Reply {}

    /** Nothing that a door may answer, or no answer at all. */
    record Wrong(String why, String said) implements Reply {}
}
