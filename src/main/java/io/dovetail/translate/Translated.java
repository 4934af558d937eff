package io.dovetail.translate;

import io.dovetail.event.Event;

/** What a source event means. */
public sealed interface Translated {

    /** Exactly one canonical event. */
    record Said(Event event) implements Translated {}

    /** Nothing, by rule. The books show the reason. */
    record Ignored(String reason) implements Translated {}
}
