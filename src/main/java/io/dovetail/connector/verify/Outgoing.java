package io.dovetail.connector.verify;

import java.time.Instant;

/** A delivery that is about to be sent: its sender's number for it, when, and the raw body. */
public record Outgoing(String id, Instant at, byte[] body) {}
