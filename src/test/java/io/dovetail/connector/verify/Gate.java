package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One {@code verify} with one secret, at a time that stands still. */
record Gate(Scheme verify, String secret, Instant now) {

    static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    /** @param json as in connector.yaml, without its secret; single quotes will do */
    static Gate of(String json, String secret) {
        try {
            var verify = new ObjectMapper().readTree(json.replace('\'', '"'));
            return new Gate(Scheme.read(verify), secret, NOW);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Gate at(long second) {
        return new Gate(verify, secret, Instant.ofEpochSecond(second));
    }

    Gate with(String other) {
        return new Gate(verify, other, now);
    }

    /** @param headers lines as {@code Name: value} */
    boolean lets(String body, String... headers) {
        return lets(body.getBytes(UTF_8), headers);
    }

    boolean lets(byte[] body, String... headers) {
        return lets(
                Envelope.of(name -> Arrays.stream(headers)
                        .map(line -> line.split(": ?", 2))
                        .filter(line -> line[0].equalsIgnoreCase(name))
                        .map(line -> line[1])
                        .toList()),
                body);
    }

    boolean lets(Envelope envelope, byte[] body) {
        return verify.proof(envelope, Clock.fixed(now, ZoneOffset.UTC))
                .map(proof -> switch (proof) {
                    case Proof.OnEnvelope p -> p.fits(secret);
                    case Proof.OverBody p -> p.fits(secret, body);
                    case Proof.InTree p -> {
                        try {
                            yield p.fits(List.of(secret), new JsonCodec().read(body));
                        } catch (MalformedException e) {
                            throw new IllegalArgumentException(e);
                        }
                    }
                    case Proof.NotAsked p -> true;
                })
                .orElse(false);
    }

    /** The header lines that a sender makes with its key. */
    String[] signed(String body, String key) {
        return lines(verify.sign(new Outgoing("msg-1", now, body.getBytes(UTF_8)), key));
    }

    private static String[] lines(Map<String, String> headers) {
        return headers.entrySet().stream()
                .map(header -> header.getKey() + ": " + header.getValue())
                .toArray(String[]::new);
    }
}
