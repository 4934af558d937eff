package io.dovetail.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.codec.Codec;
import io.dovetail.codec.EdiCodec;
import io.dovetail.codec.EdiRules;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.JwtCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.codec.MultipartCodec;
import io.dovetail.codec.XmlCodec;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Problems;
import io.dovetail.connector.verify.Envelope;
import io.dovetail.connector.verify.Outgoing;
import io.dovetail.connector.verify.Proof;
import io.dovetail.connector.verify.Scheme;
import java.io.IOException;
import java.nio.file.Files;
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
import org.jspecify.annotations.Nullable;
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
            "{'scheme': 'body-field', 'path': 'value[].state', 'secret': 's'}",
            "{'scheme': 'path', 'secret': 's'}");

    /** Below the folder of connectors. */
    private static final List<String> INTERCHANGES = List.of(
            "edi-edifact/samples/order-placed",
            "edi-edifact/samples/orders-several",
            "edi-x12/samples/interchange-acknowledged",
            "edi-x12/samples/inventory-reported");

    /** As the codec of each connector is told to read, and what it makes of that. */
    private static final List<String> READERS =
            List.of("jira", "partner-api", "sap-idoc", "edi-edifact", "edi-x12", "xapi", "shared-signals");

    // the digest is that of "x\n"
    private static final String PARTS = """
            --b 1\r
            Content-Type: application/json; charset=utf-8\r
            \r
            {"a": 1.50}\r
            --b 1\r
            Content-Transfer-Encoding: binary\r
            X-Hash: 73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac\r
            \r
            x

            --b 1--
            """;

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
        Report.line("proofs of %d schemes changed %d times: none fits, no fault; -Dhostile.seed=%d"
                .formatted(SCHEMES.size(), EXECUTIONS, SEED));
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
        var tail = verify.isInAddress() ? key : null;
        if (!sound.isEmpty() || tail != null) {
            assertThat(fits(verify, sound, tail, secret, body)).as(name).isTrue();
        }
        for (var n = 0; n < EXECUTIONS / SCHEMES.size(); n++) {
            var headers = new TreeMap<>(sound);
            headers.replaceAll((header, value) -> misshapen(value));
            var address = tail == null ? null : misshapen(tail);
            assertThat(fits(verify, headers, address, other, body))
                    .as("%s: %s %s", name, headers, address)
                    .isFalse();
            fits(verify, headers, address, secret, body);
            var changed = Mutations.mutated(body, random);
            if (name.contains("hmac") || name.contains("webhooks")) {
                assertThat(fits(verify, sound, tail, secret, changed) && !Arrays.equals(changed, body))
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

    private static boolean fits(
            Scheme verify, Map<String, String> headers, @Nullable String tail, String secret, byte[] body) {
        var begun = System.nanoTime();
        var fits = verify.proof(
                        new Envelope(
                                name -> headers.entrySet().stream()
                                        .filter(header -> header.getKey().equalsIgnoreCase(name))
                                        .map(Map.Entry::getValue)
                                        .toList(),
                                tail,
                                null),
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
            return proof.fits(List.of(secret), new JsonCodec().read(body));
        } catch (MalformedException e) {
            return false;
        }
    }

    @Test
    void misshapenBodiesAreMalformedAndNeverAFault() throws IOException {
        var problems = new Problems();
        var connectors = Configuration.read(Path.of(""), problems).connectors();
        assertThat(problems.list()).isEmpty();
        var codecs = List.<Codec>of(
                new JsonCodec(),
                new XmlCodec(Set.of("IDOC")),
                new JwtCodec(),
                new EdiCodec(EdiRules.DEFAULT),
                new MultipartCodec("X-Hash"));
        var sound = sound();
        var readers = READERS.stream().map(connectors::get).toList();
        var corpus = new ArrayList<>(sound);
        for (var n = 0; n < EXECUTIONS; n++) {
            var body = corpus.get(random.nextInt(corpus.size()));
            for (var changes = 1 + random.nextInt(4); changes > 0; changes--) {
                body = Mutations.mutated(body, random);
            }
            var begun = System.nanoTime();
            for (var codec : codecs) {
                read(codec, body);
            }
            read(readers.get(n % readers.size()), body);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG);
            if (random.nextInt(20) == 0 && body.length < 20_000) {
                corpus.set(random.nextInt(corpus.size()), body);
            }
            if (n % 500 == 0) {
                // what only ever gets worse is soon nothing at all
                corpus.clear();
                corpus.addAll(sound);
            }
        }
        Report.line("bodies changed %d times, read by %d codecs: read or malformed, no fault; -Dhostile.seed=%d"
                .formatted(EXECUTIONS, codecs.size(), SEED));
    }

    /** One of each kind, and more than one of those with most to say. */
    private static List<byte[]> sound() throws IOException {
        var all = new ArrayList<byte[]>();
        Template.all().forEach(template -> all.add(Template.bytes(template.with("17"))));
        for (var interchange : INTERCHANGES) {
            all.add(Files.readAllBytes(Path.of("connectors", interchange, "delivery.edi")));
        }
        all.add(Template.bytes(PARTS));
        return all;
    }

    private static void read(Codec codec, byte[] body) {
        try {
            codec.refuse(body, CLOCK.instant());
            var tree = codec.read(body);
            JsonCodec.write(tree);
            tree.path("messages").forEach(codec::objection);
            codec.line(body, "/a/0");
            codec.place(body, "/messages/0/PO1/0");
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
