package io.dovetail.codec;

/**
 * What a protocol wants a delivery to be answered with.
 *
 * @param body empty where there is nothing to say
 */
public record Acknowledgement(String media, byte[] body) {}
