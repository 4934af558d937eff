package io.dovetail.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.codec.Codec;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.JwtCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.codec.XmlCodec;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Problems;
import io.dovetail.connector.verify.Envelope;
import io.dovetail.connector.verify.Outgoing;
import io.dovetail.connector.verify.Proof;
import io.dovetail.connector.verify.Scheme;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Proofs and bodies with a few bytes changed, again and again: a proof is "no" and a body malformed, and neither is ever
 * a fault or takes long.
 *
 * <p>{@code ./hub test -Dtest=ProofFuzzTest -Dhostile.executions=1000000} changes as often as one likes;
 * {@code -Dhostile.seed=N} repeats.
 */
@Timeout(value = 3, unit = TimeUnit.HOURS)
class ProofFuzzTest {

    private static final long SEED = Long.getLong("hostile.seed", 4711);
    private static final int EXECUTIONS = Integer.getInteger("hostile.executions", 10_000);
    private static final Duration LONG = Duration.ofSeconds(5);
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);

    private final Random random = new Random(SEED);

    private static final List<String> SCHEMES = List.of(
            "{'scheme': 'standard-webhooks', 'secret': 's'}",
            "{'scheme': 'hmac-sha256', 'header': 'X-Sig', 'prefix': 'sha256=', 'encoding': 'hex', 'secret': 's'}",
            "{'scheme': 'hmac', 'header': 'X-Sig', 'encoding': 'base64', 'algorithm': 'sha512', 'key': 'base64',"
                    + " 'signed': '{timestamp}.{id}.{body}', 'timestamp': 'X-Time', 'id': 'X-Id',"
                    + " 'timestampFormat': 'iso8601', 'secret': 's'}",
            "{'scheme': 'hmac', 'header': 'X-Sig', 'algorithm': 'sha1', 'signed': 'v0:{timestamp}:{body}',"
                    + " 'timestamp': 'X-Time', 'timestampFormat': 'millis', 'secret': 's'}",
            "{'scheme': 'token', 'prefix': 'Bearer ', 'secret': 's'}",
            "{'scheme': 'basic', 'secret': 's'}",
            "{'scheme': 'jwt', 'algorithms': ['HS256'], 'issuer': 'i', 'audience': 'a', 'secret': 's'}",
            "{'scheme': 'jwt', 'algorithms': ['ES256', 'RS256'], 'issuer': 'i', 'audience': 'a', 'secret': 's'}",
            "{'scheme': 'security-event-token', 'algorithms': ['ES256'], 'issuer': 'i', 'audience': 'a', 'secret': 's'}",
            "{'scheme': 'verifiable-credential', 'algorithms': ['ES256', 'RS256'], 'issuer': 'i', 'secret': 's'}",
            "{'scheme': 'body-field', 'path': 'value[].state', 'secret': 's'}");

    private static final List<String> PIECES = List.of(
            "",
            " ",
            ",",
            "=",
            ".",
            "..",
            "v1,",
            "v1a,",
            "sha256=",
            "Bearer ",
            "Basic ",
            "%s",
            "\u0000",
            "\u00FF",
            "{}",
            "e30",
            "e30.e30.e30",
            "eyJhbGciOiJub25lIn0.e30.",
            "-1",
            "99999999999999999999",
            "2026-03-09T10:00:00Z",
            "+00:00",
            "NaN",
            "====",
            "AA==");

    @Test
    void misshapenProofsAreNoAndNeverAFault() throws Exception {
        System.out.printf("proofs: %d executions, -Dhostile.seed=%d%n", EXECUTIONS, SEED);
        for (var json : SCHEMES) {
            var verify = Scheme.read(new ObjectMapper().readTree(json.replace('\'', '"')));
            var own = verify.invent("own");
            misshape(json, verify, own.secret(), own.privateKey() == null ? own.secret() : own.privateKey());
        }
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        misshape(
                "{'scheme': 'standard-webhooks'} with Ed25519",
                Scheme.read(new ObjectMapper().readTree("{\"scheme\": \"standard-webhooks\", \"secret\": \"s\"}")),
                "whpk_" + last32(pair.getPublic()),
                "whsk_" + last32(pair.getPrivate()));
    }

    /** The key itself stands at the end of what it is encoded in (RFC 8410). */
    private static String last32(Key key) {
        var encoded = key.getEncoded();
        return Base64.getEncoder().encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    private void misshape(String name, Scheme verify, String secret, String key) {
        var other = verify.invent("other").secret();
        var body = "{\"value\": [{\"state\": \"x\"}]}".getBytes(UTF_8);
        var sound = new TreeMap<>(verify.sign(new Outgoing("id-1", CLOCK.instant(), body), key));
        if (!sound.isEmpty()) {
            assertThat(fits(verify, sound, secret, body)).as(name).isTrue();
        }
        for (var n = 0; n < EXECUTIONS / SCHEMES.size(); n++) {
            var headers = new TreeMap<>(sound);
            headers.replaceAll((header, value) -> misshapen(value));
            assertThat(fits(verify, headers, other, body))
                    .as("%s: %s", name, headers)
                    .isFalse();
            fits(verify, headers, secret, body);
            var changed = Mutations.mutated(body, random);
            if (name.contains("hmac") || name.contains("webhooks")) {
                assertThat(fits(verify, sound, secret, changed) && !Arrays.equals(changed, body))
                        .as("%s, body: %s", name, new String(changed, ISO_8859_1))
                        .isFalse();
            }
        }
    }

    private String misshapen(String value) {
        return switch (random.nextInt(4)) {
            case 0 -> value;
            case 1 -> PIECES.get(random.nextInt(PIECES.size())) + value;
            case 2 -> value + PIECES.get(random.nextInt(PIECES.size()));
            default -> new String(Mutations.mutated(value.getBytes(ISO_8859_1), random), ISO_8859_1);
        };
    }

    private static boolean fits(Scheme verify, Map<String, String> headers, String secret, byte[] body) {
        var begun = System.nanoTime();
        var fits = verify.proof(
                        Envelope.of(name -> headers.entrySet().stream()
                                .filter(header -> header.getKey().equalsIgnoreCase(name))
                                .map(Map.Entry::getValue)
                                .toList()),
                        CLOCK)
                .map(proof -> switch (proof) {
                    case Proof.OnEnvelope p -> p.fits(secret);
                    case Proof.OverBody p -> p.fits(secret, body);
                    case Proof.InTree p -> tree(body, p, secret);
                    case Proof.NotAsked p -> true;
                })
                .orElse(false);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG);
        return fits;
    }

    private static boolean tree(byte[] body, Proof.InTree proof, String secret) {
        try {
            return proof.fits(secret, new JsonCodec().read(body));
        } catch (MalformedException e) {
            return false;
        }
    }

    @Test
    void misshapenBodiesAreMalformedAndNeverAFault() {
        System.out.printf("bodies: %d executions, -Dhostile.seed=%d%n", EXECUTIONS, SEED);
        var problems = new Problems();
        var connectors = Configuration.read(Path.of(""), problems).connectors();
        assertThat(problems.list()).isEmpty();
        var codecs = List.<Codec>of(new JsonCodec(), new XmlCodec(Set.of("IDOC")), new JwtCodec());
        var corpus = new ArrayList<byte[]>();
        Template.all().forEach(template -> corpus.add(Template.bytes(template.with("17"))));
        for (var n = 0; n < EXECUTIONS; n++) {
            var template = Template.all().get(n % Template.all().size());
            var body = corpus.get(random.nextInt(corpus.size()));
            for (var changes = 1 + random.nextInt(4); changes > 0; changes--) {
                body = Mutations.mutated(body, random);
            }
            var begun = System.nanoTime();
            for (var codec : codecs) {
                read(codec, body);
            }
            read(connectors.get(template.connector()), body);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG);
            if (random.nextInt(20) == 0 && body.length < 20_000) {
                corpus.set(random.nextInt(corpus.size()), body);
            }
            if (n % 500 == 0) {
                // what only ever gets worse is soon nothing at all
                corpus.clear();
                Template.all().forEach(sound -> corpus.add(Template.bytes(sound.with("17"))));
            }
        }
    }

    private static void read(Codec codec, byte[] body) {
        try {
            JsonCodec.write(codec.read(body));
            codec.line(body, "/a/0");
        } catch (MalformedException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("Exception", "java.");
        } catch (RuntimeException | StackOverflowError e) {
            fail(
                    "-Dhostile.seed=%d, %s: %s"
                            .formatted(SEED, codec.getClass().getSimpleName(), new String(body, ISO_8859_1)),
                    e);
        }
    }

    private static void read(Connector connector, byte[] body) {
        try {
            assertThat(connector.read(connector.codec().read(body))).isNotEmpty();
        } catch (MalformedException e) {
            // it is none
        } catch (RuntimeException | StackOverflowError e) {
            fail("-Dhostile.seed=%d, %s: %s".formatted(SEED, connector.name(), new String(body, ISO_8859_1)), e);
        }
    }
}
