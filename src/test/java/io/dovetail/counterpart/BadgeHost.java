package io.dovetail.counterpart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dovetail.call.AskedSystem;
import io.dovetail.call.AskedSystem.Behaviour;
import io.dovetail.call.AskedSystem.Seen;
import io.dovetail.camel.Shop;
import io.dovetail.connector.verify.Scheme;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Where an issuer of badges publishes which of them it took back: one signed status list, and what goes wrong with it. */
public final class BadgeHost implements AutoCloseable {

    public static final String ISSUER = "https://badges.halden.example/issuers/1";
    public static final String LIST = "https://badges.halden.example/credentials/status/3";

    private static final Scheme SIGNS = Scheme.read(Shop.tree("{\"scheme\":\"verifiable-credential\",\"algorithms\":"
            + "[\"ES256\"],\"issuer\":\"" + ISSUER + "\",\"secret\":\"keys\"}"));

    private final AskedSystem system = AskedSystem.start();
    private final TreeSet<Integer> revoked = new TreeSet<>();
    private final String publicKeys;
    private String privateKey;
    private UnaryOperator<String> change = claims -> claims;
    private @Nullable Behaviour trouble;

    public BadgeHost() {
        var keys = SIGNS.invent("badges");
        publicKeys = keys.secret();
        privateKey = String.valueOf(keys.privateKey());
        system.decides(this::behaviour);
    }

    /** What the hub needs to know of it. */
    public Map<String, String> secrets() {
        return Map.of("open-badges.status-host", "127.0.0.1:" + system.port(), "open-badges.status-keys", publicKeys);
    }

    public void revokes(int entry) {
        revoked.add(entry);
    }

    /** From now on somebody else signs. */
    public void isTakenOver() {
        privateKey = String.valueOf(SIGNS.invent("badges").privateKey());
    }

    /** From now on its list says something else. */
    public void says(String piece, String other) {
        change = claims -> claims.replace(piece, other);
    }

    /** From now on it answers with this. */
    public void answers(@Nullable Behaviour how) {
        trouble = how;
    }

    public List<Seen> seen() {
        return system.seen();
    }

    private Behaviour behaviour(Seen seen) {
        if (!seen.target().equals("/credentials/status/3")) {
            return AskedSystem.json(404, "{}");
        }
        if (trouble != null) {
            return trouble;
        }
        var claims = """
                {"iss":"%s","jti":"%s","nbf":1704067200,"exp":4102444800,"id":"%s",
                "type":["VerifiableCredential","BitstringStatusListCredential"],"issuer":"%s",
                "credentialSubject":{"type":"BitstringStatusList","statusPurpose":"revocation","encodedList":"u%s"}}
                """.formatted(ISSUER, LIST, LIST, ISSUER, packed());
        var token = SIGNS.fill(change.apply(claims).getBytes(UTF_8), privateKey);
        return AskedSystem.text(200, "application/vc+jwt", new String(token, UTF_8));
    }

    private String packed() {
        var bits = new byte[16 * 1024];
        revoked.forEach(entry -> bits[entry / 8] |= (byte) (128 >> entry % 8));
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bits);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(packed.toByteArray());
    }

    @Override
    public void close() {
        system.close();
    }
}
