package io.dovetail.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.connector.verify.Envelope;
import io.dovetail.connector.verify.Outgoing;
import io.dovetail.connector.verify.Proof;
import io.dovetail.connector.verify.Verify;
import io.dovetail.intake.Claim.Part;
import io.dovetail.intake.Claim.Proved;
import io.dovetail.intake.Claim.Use;
import io.dovetail.intake.Secrets.Credential;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClaimTest {

    private static final Credential ACME = new Credential("acme", "s3cr3t", true);
    private static final List<Credential> CREDENTIALS = List.of(new Credential("acme", "not-this"), ACME);

    private static Content content(String body) {
        return new Content(new JsonCodec(), body.getBytes(UTF_8));
    }

    private static Claim claim(Proof proof, List<Credential> credentials) {
        return new Claim(List.of(new Part(proof, "webhook", () -> credentials, null)));
    }

    private static Proved acme() {
        return new Proved("acme", List.of(new Use("webhook", ACME)));
    }

    @Test
    void namesTheSenderWhoseSecretFits() throws RefusedException {
        Proof.OverBody overBody = (secret, body) -> secret.equals("s3cr3t") && body.length == 2;
        assertThat(claim(overBody, CREDENTIALS).provedBy(content("{}"))).contains(acme());
        assertThat(claim(overBody, CREDENTIALS).provedBy(content("{ }"))).isEmpty();
        Proof.OnEnvelope onEnvelope = "s3cr3t"::equals;
        assertThat(claim(onEnvelope, CREDENTIALS).provedBy(content("{"))).contains(acme());
        Proof.InTree inTree = (secrets, tree) -> secrets.contains(tree.path("s").asText());
        assertThat(claim(inTree, CREDENTIALS).provedBy(content("{\"s\": \"s3cr3t\"}")))
                .contains(acme());
    }

    /** A body may take ten seconds, and a secret that is taken out of its file is dead in five. */
    @Test
    void provesNobodyByASecretThatIsGoneWhenTheBodyIsHere() throws RefusedException {
        Proof.OverBody overBody = (secret, body) -> secret.equals("s3cr3t");
        Proof.OnEnvelope onEnvelope = "s3cr3t"::equals;
        for (var proof : List.of(overBody, onEnvelope)) {
            var now = new AtomicReference<>(CREDENTIALS);
            var claim = new Claim(List.of(new Part(proof, "webhook", now::get, null)));
            assertThat(claim.isHopeless()).isFalse();
            assertThat(claim.provedBy(content("{}"))).contains(acme());
            now.set(List.of());
            assertThat(claim.provedBy(content("{}"))).isEmpty();
        }
    }

    /** Whoever changes over has sent some of what comes together before, and some after; no other sender's is among it. */
    @Test
    void takesTheOldSecretAndTheNewOneInOneBodyAndNamesTheOld() throws RefusedException {
        var scheme = Verify.read(new ObjectMapper()
                        .createObjectNode()
                        .put("scheme", "body-field")
                        .put("path", "[].s")
                        .put("secret", "state"))
                .parts()
                .getFirst();
        var proof =
                scheme.proof(Envelope.of(name -> List.of()), Clock.systemUTC()).orElseThrow();
        var old = new Credential("acme", "old", true);
        var both = List.of(new Credential("globex", "its"), new Credential("acme", "new"), old);
        var claim = new Claim(List.of(new Part(proof, "state", () -> both, null)));
        var byTheOld = new Proved("acme", List.of(new Use("state", old)));
        assertThat(claim.provedBy(content("[{\"s\": \"new\"}, {\"s\": \"old\"}]")))
                .contains(byTheOld);
        assertThat(claim.provedBy(content("[{\"s\": \"old\"}]"))).contains(byTheOld);
        assertThat(claim.provedBy(content("[{\"s\": \"new\"}]")))
                .contains(new Proved("acme", List.of(new Use("state", new Credential("acme", "new")))));
        for (var other : List.of("its", "x", "")) {
            assertThat(claim.provedBy(content("[{\"s\": \"new\"}, {\"s\": \"" + other + "\"}]")))
                    .isEmpty();
        }
    }

    @Test
    void isHopelessAsSoonAsThatCanBeTold() throws RefusedException {
        Proof.OnEnvelope onEnvelope = "other"::equals;
        Proof.OverBody overBody = (secret, body) -> false;
        Proof.InTree inTree = (secret, tree) -> false;
        assertThat(claim(onEnvelope, CREDENTIALS).isHopeless()).isTrue();
        assertThat(claim(overBody, CREDENTIALS).isHopeless()).isFalse();
        assertThat(claim(inTree, CREDENTIALS).isHopeless()).isFalse();
        assertThat(claim(overBody, List.of()).isHopeless()).isTrue();
        assertThat(claim(inTree, List.of()).isHopeless()).isTrue();
    }

    @Test
    void provesNobodyByABodyThatCannotBeRead() throws RefusedException {
        Proof.InTree inTree = (secret, tree) -> true;
        assertThat(claim(inTree, CREDENTIALS).provedBy(content("{\"a\": 1, \"a\": 2}")))
                .isEmpty();
    }

    private static Part part(@Nullable String name, Proof proof, String... sendersAndSecrets) {
        var credentials = new ArrayList<Credential>();
        for (var i = 0; i < sendersAndSecrets.length; i += 2) {
            credentials.add(new Credential(sendersAndSecrets[i], sendersAndSecrets[i + 1]));
        }
        return new Part(proof, name, () -> credentials, null);
    }

    @Test
    void wantsAllPartsOfTheSameSender() throws RefusedException {
        Proof.OnEnvelope shared = "everybody's"::equals;
        Proof.InTree own = (secrets, tree) -> secrets.contains(tree.path("org").asText());
        var claim = new Claim(List.of(
                part("subject", shared, "acme", "everybody's", "globex", "everybody's", "initech", "its"),
                part("organisation", own, "globex", "g", "acme", "a", "initech", "i", "umbrella", "u")));
        assertThat(claim.isHopeless()).isFalse();
        assertThat(claim.provedBy(content("{\"org\": \"g\"}")))
                .contains(new Proved(
                        "globex",
                        List.of(
                                new Use("subject", new Credential("globex", "everybody's")),
                                new Use("organisation", new Credential("globex", "g")))));
        assertThat(claim.provedBy(content("{\"org\": \"a\"}")))
                .map(Proved::sender)
                .contains("acme");
        // one part alone proves nobody, nor do two of different senders
        for (var org : List.of("i", "u", "x")) {
            assertThat(claim.provedBy(content("{\"org\": \"" + org + "\"}"))).isEmpty();
        }
        assertThat(claim.provedBy(content("{"))).isEmpty();
    }

    @Test
    void isHopelessWhereNobodyIsLeftForTheBodyToProve() throws RefusedException {
        Proof.OnEnvelope theirs = "theirs"::equals;
        Proof.InTree any = (secret, tree) -> true;
        assertThat(new Claim(List.of(part("organisation", any, "acme", "a"), part("path", theirs, "acme", "other")))
                        .isHopeless())
                .isTrue();
        assertThat(new Claim(List.of(part("organisation", any, "acme", "a"), part("path", theirs, "globex", "theirs")))
                        .isHopeless())
                .isTrue();
    }

    @Test
    void readsABodyOnceThatCannotBeReadHoweverManyItMightProve() throws RefusedException {
        var content = content("{");
        assertThat(catchThrowable(content::tree))
                .isInstanceOf(MalformedException.class)
                .isSameAs(catchThrowable(content::tree));
    }

    private static Part byToken(ECKey signer, String body, KeySets keySets) throws Exception {
        var scheme = Verify.read(new ObjectMapper()
                        .readTree(
                                "{\"scheme\": \"jwt\", \"algorithms\": [\"ES256\"], \"issuer\": \"i\", \"audience\": \"a\","
                                        + " \"jwks\": \"https://idp.example/keys\"}"))
                .parts()
                .getFirst();
        var headers = scheme.sign(new Outgoing("1", Instant.now(), body.getBytes(UTF_8)), signer.toJSONString());
        var proof = scheme.proof(
                        Envelope.of(name -> headers.containsKey(name) ? List.of(headers.get(name)) : List.of()),
                        Clock.systemUTC())
                .orElseThrow();
        return new Part(
                proof,
                null,
                () -> List.of(new Credential("default", "")),
                keySets.at(URI.create("https://idp.example/keys")));
    }

    @Test
    void knowsAKeyThatAnIssuerHasPublishedMeanwhileAndNoneThatItHasWithdrawn() throws Exception {
        var first = new ECKeyGenerator(Curve.P_256).keyID("first").generate();
        var second = new ECKeyGenerator(Curve.P_256).keyID("second").generate();
        var published = new AtomicReference<>(first);
        var now = new AtomicLong();
        var keySets = new KeySets(address -> new JWKSet(published.get().toPublicJWK()).toString(), now::get);

        var old = new Claim(List.of(byToken(first, "{}", keySets)));
        var next = new Claim(List.of(byToken(second, "{}", keySets)));
        assertThat(old.isHopeless()).isFalse();
        assertThat(old.provedBy(content("{}"))).contains(new Proved("default", List.of()));
        assertThat(next.isHopeless()).isTrue();

        published.set(second);
        now.addAndGet(KeySets.PAUSE.toNanos() + 1);
        assertThat(next.provedBy(content("{}"))).contains(new Proved("default", List.of()));
        assertThat(old.isHopeless()).isTrue();
    }

    @Test
    void callsThoseWhoAreNotAskedTheDefaultSender() throws RefusedException {
        var open = new Claim(List.of(part(null, new Proof.NotAsked(), "default", "")));
        assertThat(open.isHopeless()).isFalse();
        assertThat(open.provedBy(content("x"))).contains(new Proved("default", List.of()));
    }
}
