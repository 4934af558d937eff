package io.dovetail.connector.verify;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The JDK's Ed25519 (RFC 8032) with keys as plain bytes, which it takes only in their ASN.1 wrapping (RFC 8410). */
final class Ed25519 {

    private static final String ALGORITHM = "Ed25519";
    private static final byte[] PUBLIC = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final byte[] PRIVATE = HexFormat.of().parseHex("302e020100300506032b657004220420");
    private static final int BYTES = 32;

    private Ed25519() {}

    static Optional<PublicKey> publicKey(byte[] raw) {
        if (raw.length != BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(keys().generatePublic(new X509EncodedKeySpec(wrapped(PUBLIC, raw))));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    /** @param raw the 32 bytes of the key, or with those of the public key behind them as libsodium keeps them */
    static Optional<PrivateKey> privateKey(byte[] raw) {
        if (raw.length != BYTES && raw.length != 2 * BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    keys().generatePrivate(new PKCS8EncodedKeySpec(wrapped(PRIVATE, Arrays.copyOf(raw, BYTES)))));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    static boolean verify(PublicKey key, byte[] signature, byte[]... parts) {
        try {
            var verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            for (var part : parts) {
                verifier.update(part);
            }
            return verifier.verify(signature);
        } catch (SignatureException
                | InvalidKeyException e) { // of another length, or a key that is no point of the curve
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    static byte[] sign(PrivateKey key, byte[]... parts) {
        try {
            var signer = Signature.getInstance(ALGORITHM);
            signer.initSign(key);
            for (var part : parts) {
                signer.update(part);
            }
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    private static KeyFactory keys() throws GeneralSecurityException {
        return KeyFactory.getInstance(ALGORITHM);
    }

    private static byte[] wrapped(byte[] head, byte[] raw) {
        var whole = Arrays.copyOf(head, head.length + raw.length);
        System.arraycopy(raw, 0, whole, head.length, raw.length);
        return whole;
    }
}
