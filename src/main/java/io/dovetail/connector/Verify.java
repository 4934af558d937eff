package io.dovetail.connector;

/** How a webhook's sender proves who it is. {@code secret} is the last part of the secrets' names. */
public sealed interface Verify {

    String secret();

    /**
     * HMAC-SHA256 over the raw body; the key is the secret's text.
     *
     * @param prefix what stands before the digest in the header, may be empty
     * @param encoding {@code hex} or {@code base64}
     */
    record HmacSha256(String header, String prefix, String encoding, String secret) implements Verify {}

    /** HTTP basic authentication (RFC 7617); the secret is {@code user:password}. */
    record Basic(String secret) implements Verify {}

    /** Standard Webhooks v1: HMAC-SHA256 over {@code id.timestamp.body}; the secret is {@code whsec_<base64>}. */
    record StandardWebhooks(String secret) implements Verify {}
}
