package io.dovetail.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code check} says of handshakes and answers. */
class AnswerRulesTest {

    private static final String TOKEN = "    verify: { scheme: token, header: X-Api-Key, secret: webhook }\n";

    @TempDir
    private Path root;

    static Stream<String> vendors() {
        return VendorExamples.all().keySet().stream();
    }

    /** The problems of a webhook with these properties. */
    private java.util.List<String> problems(String properties) {
        var yaml = Folder.YAML.replaceFirst(
                "(?s)    verify:.*?    maxBytes",
                java.util.regex.Matcher.quoteReplacement(
                        properties.indent(4).replaceFirst("(?m)^ {4} {4}verify", "    verify")
                                + (properties.contains("media: [") ? "" : "    media: [application/json]\n")
                                + "    maxBytes"));
        return Folder.sound(root).write("connectors/desk/connector.yaml", yaml).problems();
    }

    private java.util.List<String> ofHandshake(String handshake) {
        return problems(TOKEN.strip() + "\nhandshakes:\n  - " + handshake);
    }

    private java.util.List<String> ofAnswers(String answers) {
        return problems(TOKEN.strip() + "\nanswers: " + answers);
    }

    @ParameterizedTest
    @MethodSource("vendors")
    void takesWhatTheManualShows(String vendor) {
        var webhook = VendorExamples.of(vendor).replaceFirst("webhook:\n", "").replaceAll("(?m)^ {2}", "");
        assertThat(problems(webhook)).isEmpty();
    }

    @Test
    void knowsTheVendorsOfTheManual() {
        assertThat(VendorExamples.all()).hasSize(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ when: { method: GET }, answer: { status: 200 } }"
                        + "| say where the challenge stands: header or query, one of the two",
                "{ when: { method: GET, header: X-C, query: c }, answer: { status: 200 } }"
                        + "| say where the challenge stands: header or query, one of the two",
                "{ when: { method: GET, header: authorization }, answer: { status: 200 } }"
                        + "| this header holds the proof, which is never repeated",
                "{ when: { method: GET, header: x-api-key }, answer: { status: 200 } }"
                        + "| this header holds the proof, which is never repeated",
                "{ when: { method: GET, query: c }, answer: { status: 200, media: text/plain } }"
                        + "| media and body belong together",
                "{ when: { method: GET, query: c }, answer: { status: 200, body: '{challenge}' } }"
                        + "| media and body belong together",
                "{ when: { method: GET, query: c }, answer: { status: 204, media: text/plain, body: x } }"
                        + "| 204 means that there is no body",
                "{ when: { method: GET, query: c }, answer: { status: 200, media: text/plain, body: '{id}' } }"
                        + "| the word known here is {challenge}, and not {id}",
                "{ when: { method: GET, query: c }, answer: { status: 200, media: application/json, body: '{\"a\": {challenge}}' } }"
                        + "| with a value in the place of {challenge} this is no application/json: The body cannot be read",
                "{ when: { method: GET, query: c }, answer: { status: 200, media: text/xml, body: '<{challenge}/>' } }"
                        + "| with a value in the place of {challenge} this is no text/xml: The body cannot be read",
                "{ when: { method: GET, query: c }, answer: { status: 200, media: text/xml, body: '<a><!--{challenge}--></a>' } }"
                        + "| with a value in the place of {challenge} this is no text/xml: The body cannot be read",
                "{ when: { method: GET, query: c }, answer: { status: 200, media: application/xml, body: '<!DOCTYPE a><a>{challenge}</a>' } }"
                        + "| this is no application/xml",
                "{ when: { method: OPTIONS, header: X-C }, answer: { status: 200, headers: { WebHook-Allowed-Origin: '{challenge}' } } }"
                        + "| a header repeats only what is listed",
                "{ when: { method: OPTIONS, header: X-C }, answer: { status: 200, headers: { Location: x } } }"
                        + "| ^WebHook-",
                "{ when: { method: OPTIONS, header: X-C }, answer: { status: 200, headers: { WebHook-Allowed-Origin: \"a\\r\\nSet-Cookie: x\" } } }"
                        + "| handshakes.0.answer.headers.WebHook-Allowed-Origin",
                "{ when: { method: GET, query: c }, answer: { status: 200, media: text/html, body: '{challenge}' } }"
                        + "| handshakes.0.answer.media",
                "{ when: { method: GET, query: c }, answer: { status: 302 } } | handshakes.0.answer.status",
                "{ when: { method: DELETE, query: c }, answer: { status: 200 } } | handshakes.0.when.method",
                "{ when: { method: GET, query: 'a b' }, answer: { status: 200 } } | handshakes.0.when.query",
                "{ when: { method: GET, query: c }, answer: { status: 200, location: x } } | location",
            })
    void refusesAHandshakeThatCouldGoWrong(String handshake, String problem) {
        assertThat(ofHandshake(handshake)).singleElement().asString().contains("connector.yaml:", problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ accepted: { status: 400 } } | answers.accepted.status",
                "{ duplicate: { status: 500 } } | answers.duplicate.status",
                "{ refused: { unauthenticated: { status: 200 } } } | answers.refused.unauthenticated.status",
                "{ refused: { malformed: { status: 202 } } } | answers.refused.malformed.status",
                "{ refused: { conflict: { status: 301 } } } | answers.refused.conflict.status",
                "{ refused: { malformed: { status: 410 } } } | answers.refused.malformed.status",
                "{ refused: { busy: { status: 200 } } } | answers.refused.busy.status",
                "{ refused: { unavailable: { status: 400 } } } | answers.refused.unavailable.status",
                "{ refused: { unknown-connector: { status: 400 } } } | unknown-connector",
                "{ accepted: { status: 200, media: application/json, body: '{\"id\": \"{detail}\"}' } }"
                        + "| the word known here is {id}, and not {detail}",
                "{ refused: { malformed: { status: 400, media: text/plain, body: '{id}' } } }"
                        + "| the word known here is {detail}, and not {id}",
                "{ accepted: { status: 204, media: text/plain, body: x } } | 204 means that there is no body",
                "{ accepted: { status: 200, media: text/xml, body: '<Ack>' } } | this is no text/xml",
                "{ refused: { unauthenticated: { status: 400 }, media-type: { status: 400 } } }"
                        + "| unauthenticated and media-type have the same status",
                "{ refused: { unauthenticated: { status: 415 } } }"
                        + "| unauthenticated and media-type have the same status",
                "{ accepted: { status: 200, headers: { X-A: b } } } | headers",
            })
    void refusesAnswersThatSayYesForNoOrMakeNoSense(String answers, String problem) {
        assertThat(ofAnswers(answers)).singleElement().asString().contains("connector.yaml:", problem);
    }

    @Test
    void wantsNoProofOfAHandshakeThatCannotBringIt() {
        var graph = """
                verify: { scheme: body-field, path: "value[].clientState", secret: state }
                handshakes:
                  - when: { method: POST, query: validationToken }
                    answer: { status: 200, media: text/plain, body: "{challenge}" }
                """;
        assertThat(problems(graph))
                .singleElement()
                .asString()
                .contains("the proof (a token in the body's value[].clientState) needs the body", "verified: false");
        assertThat(problems(graph.replace("    answer", "    verified: false\n    answer")))
                .isEmpty();
        var hmac = graph.replaceFirst("verify: .*", "verify: { scheme: hmac, header: X-S, secret: webhook }");
        assertThat(problems(hmac)).singleElement().asString().contains("needs the body");
        for (var onEnvelope : Set.of(
                "{ scheme: basic, secret: basic }",
                "{ scheme: token, secret: webhook }",
                "{ scheme: none, reason: Only its address reaches the hub }",
                "{ scheme: jwt, algorithms: [ES256], issuer: i, audience: a, secret: keys }")) {
            assertThat(problems(graph.replaceFirst("verify: .*", "verify: " + onEnvelope)))
                    .isEmpty();
        }
    }

    @Test
    void tellsAllProblemsAtOnceEachWithItsLine() {
        assertThat(problems("""
                verify: { scheme: token, secret: webhook }
                handshakes:
                  - when: { method: GET, header: X-Challenge }
                    answer: { status: 200, media: text/plain, body: "{id}" }
                  - when: { method: GET, header: x-challenge }
                    answer: { status: 200, media: application/json, body: "{" }
                answers:
                  accepted: { status: 204, media: text/plain, body: "ok" }
                """))
                .containsExactly(
                        "connectors/desk/connector.yaml:9: the word known here is {challenge}, and not {id}",
                        "connectors/desk/connector.yaml:10: this handshake is never met: number 1 of the list takes it"
                                + " before",
                        "connectors/desk/connector.yaml:11: with a value in the place of {challenge} this is no"
                                + " application/json: The body cannot be read at line 1, column 2: it ends in the middle of a value.",
                        "connectors/desk/connector.yaml:13: 204 means that there is no body: leave media and body out,"
                                + " or say another status");
    }

    @Test
    void letsEdiThatIsAcknowledgedHaveNoOtherBody() {
        var edi = Folder.YAML
                .replace("application/json", "application/edi-x12")
                .replace("split: none", "split: messages[]\nedi: { acknowledge: true }");
        var door = Folder.sound(root);
        for (var answers : Set.of(
                "{ accepted: { status: 200, media: text/plain, body: ok } }",
                "{ duplicate: { status: 204 } }",
                "{ refused: { malformed: { status: 400, media: text/plain, body: no } } }")) {
            var yaml = edi.replace("    deliveryId: { header: X-Delivery, signed: false }", "    answers: " + answers);
            assertThat(door.write("connectors/desk/connector.yaml", yaml).problems())
                    .singleElement()
                    .asString()
                    .contains("connector.yaml:7: with edi.acknowledge the body is the standard's");
        }
        var sound = edi.replace(
                "    deliveryId: { header: X-Delivery, signed: false }", "    answers: { accepted: { status: 200 } }");
        assertThat(door.write("connectors/desk/connector.yaml", sound).problems())
                .isEmpty();
    }

    @Test
    void answersADuplicateAsItAnswersTheFirst() {
        var answers = Folder.sound(root)
                .yaml(
                        "    deliveryId: { header: X-Delivery, signed: false }",
                        "    answers: { accepted: { status: 202 } }")
                .read()
                .connectors()
                .get("desk")
                .webhook()
                .answers();
        assertThat(answers.duplicate()).isEqualTo(answers.accepted()).isNotNull();
        assertThat(answers.refused("malformed")).isEmpty();
    }
}
