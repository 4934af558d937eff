package io.dovetail.event;

/** How urgent a triggered workflow is; written in lower case on the bus. */
public enum Priority {
    LOW,
    NORMAL,
    HIGH,
    URGENT
}
