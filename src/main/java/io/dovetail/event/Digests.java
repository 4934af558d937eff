package io.dovetail.event;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests that every JDK can make. */
public final class Digests {

    private Digests() {}

    public static MessageDigest of(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    public static byte[] sha256(byte[] content) {
        return of("SHA-256").digest(content);
    }

    /** The first 16 hex digits of a digest, where people read it and nobody gains by another of the same. */
    public static String brief(byte[] digest) {
        return HexFormat.of().formatHex(digest, 0, 8);
    }
}
