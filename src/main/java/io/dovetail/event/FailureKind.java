package io.dovetail.event;

/** Says who must act on a failure; the kind alone decides what happens next. */
public enum FailureKind {
    /** The sender did not prove who it is, or sent what can never be read: 4xx, nothing is stored. */
    REFUSED,
    /** Authenticated but breaking its contract: parked at once, the partner or its contract must change. */
    CONTRACT,
    /** Our mapping or policy failed, or its result breaks the canonical schema: parked at once, we must repair it. */
    MAPPING,
    /** A system we call is down or slow: tried again for as long as it takes. */
    EXTERNAL,
    /** A system we call answered that it will never take it: parked with the answer. */
    REJECTED,
    /** Kills or hangs its worker: parked after three attempts. */
    POISON,
    /** A bug of the hub: parked after three attempts, with its stack trace kept. */
    INTERNAL
}
