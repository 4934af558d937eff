package io.dovetail.relay;

import java.util.List;

/** Where the hub speaks on the bus. Every consumer has a queue of its own on each of them. */
public final class Addresses {

    /** Canonical events. */
    public static final String EVENTS = "hub.events";

    /** What workflows are to be set off. */
    public static final String TRIGGERS = "hub.triggers";

    /** How each event ended; the newest few are kept. */
    public static final String TELEMETRY = "hub.telemetry";

    /** Notices of parked events; the newest few are kept. */
    public static final String DEAD_LETTERS = "hub.dead-letters";

    public static final List<String> ALL = List.of(EVENTS, TRIGGERS, TELEMETRY, DEAD_LETTERS);

    private Addresses() {}
}
