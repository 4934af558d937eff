package io.dovetail.codec;

/**
 * What speaks against a part of a delivery, whatever a connector's rules would make of it.
 *
 * @param pointer where in the part
 * @param rule what it breaks, in a few words
 * @param ignored whether it is ignored for this reason; else it is parked
 */
public record Objection(String pointer, String rule, String reason, boolean ignored) {

    /** The rule of what no rule of the connector is for. */
    public static final String UNSUPPORTED = "unsupported";
}
