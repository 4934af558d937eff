package io.dovetail.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.codec.JsonCodec;
import io.dovetail.connector.verify.Proof;
import io.dovetail.intake.Secrets.Credential;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimTest {

    private static final Credential ACME = new Credential("acme", "s3cr3t", true);
    private static final List<Credential> CREDENTIALS = List.of(new Credential("acme", "not-this"), ACME);

    private static Content content(String body) {
        return new Content(new JsonCodec(), body.getBytes(UTF_8));
    }

    @Test
    void namesTheSenderWhoseSecretFits() {
        Proof.OverBody overBody = (secret, body) -> secret.equals("s3cr3t") && body.length == 2;
        assertThat(new Claim(overBody, CREDENTIALS).provedBy(content("{}"))).contains(ACME);
        assertThat(new Claim(overBody, CREDENTIALS).provedBy(content("{ }"))).isEmpty();
        Proof.OnEnvelope onEnvelope = "s3cr3t"::equals;
        assertThat(new Claim(onEnvelope, CREDENTIALS).provedBy(content("{"))).contains(ACME);
        Proof.InTree inTree = (secret, tree) -> tree.path("s").asText().equals(secret);
        assertThat(new Claim(inTree, CREDENTIALS).provedBy(content("{\"s\": \"s3cr3t\"}")))
                .contains(ACME);
    }

    @Test
    void isHopelessAsSoonAsThatCanBeTold() {
        Proof.OnEnvelope onEnvelope = "other"::equals;
        Proof.OverBody overBody = (secret, body) -> false;
        Proof.InTree inTree = (secret, tree) -> false;
        assertThat(new Claim(onEnvelope, CREDENTIALS).isHopeless()).isTrue();
        assertThat(new Claim(overBody, CREDENTIALS).isHopeless()).isFalse();
        assertThat(new Claim(inTree, CREDENTIALS).isHopeless()).isFalse();
        assertThat(new Claim(overBody, List.of()).isHopeless()).isTrue();
        assertThat(new Claim(inTree, List.of()).isHopeless()).isTrue();
        assertThat(new Claim(new Proof.NotAsked(), List.of()).isHopeless()).isFalse();
    }

    @Test
    void provesNobodyByABodyThatCannotBeRead() {
        Proof.InTree inTree = (secret, tree) -> true;
        assertThat(new Claim(inTree, CREDENTIALS).provedBy(content("{\"a\": 1, \"a\": 2}")))
                .isEmpty();
    }

    @Test
    void callsThoseWhoAreNotAskedTheDefaultSender() {
        assertThat(new Claim(new Proof.NotAsked(), List.of()).provedBy(content("x")))
                .map(Credential::sender)
                .contains("default");
    }
}
