package io.dovetail.connector;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.connector.Limits.Rate;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {

    @TempDir
    private Path root;

    private Folder folder;

    @BeforeEach
    void makeASoundFolder() {
        folder = Folder.sound(root);
    }

    @Test
    void readsASoundFolder() {
        var configuration = folder.read();
        var desk = configuration.connector("desk");

        assertThat(configuration.connectors()).containsOnlyKeys("desk");
        assertThat(desk).isNotNull();
        assertThat(desk.webhook().verify().words()).isEqualTo("HMAC-SHA-256 of the body in X-Signature");
        assertThat(desk.webhook().verify().parts().getFirst().secret()).isEqualTo("webhook");
        assertThat(desk.webhook().maxBytes()).isEqualTo(65536);
        assertThat(desk.webhook().media()).containsExactly("application/json");
        assertThat(desk.events()).hasSize(2);
        assertThat(desk.events().getFirst().id().place()).isEqualTo("connectors/desk/connector.yaml:17:9");
        assertThat(desk.events().getFirst().keys()).containsOnlyKeys("ticket", "queue");
        assertThat(desk.ignoreReason()).isNull();
        assertThat(configuration.files()).containsKeys("routes/translate/default.camel.yaml");
    }

    @Test
    void isKnownByItsContentWithoutSamples() {
        var before = folder.read();
        folder.write("connectors/desk/samples/one/delivery.json", "{}").write("connectors/desk/.swap", "x");
        var same = folder.read();
        folder.write("routes/translate/default.camel.yaml", "- route: {id: x}\n");
        var changed = folder.read();

        assertThat(before.hash()).matches("[0-9a-f]{16}").isEqualTo(same.hash()).isNotEqualTo(changed.hash());
        assertThat(Configuration.of(before.files(), new Problems()).hash()).isEqualTo(before.hash());
    }

    @Test
    void listsFaultsOfEveryKindAtOnce() {
        folder.write(
                        "connectors/desk/connector.yaml",
                        Folder.YAML
                                .replace("secret: webhook", "secret: \"whsec_c2VjcmV0\"")
                                .replace("title: Service desk", "titel: Service desk")
                                .replace("64KiB", "17MiB")
                                .replace(".ticket.id + \":opened\"", ".ticket.id +")
                                .replace(".kind == \"noted\"", ".kind  == \"opened\"")
                                .replace("orderBy: .ticket.id", "orderBy: $nobody")
                                .replace("    id: .note", "    id: .note\n    id: .again")
                                .replace("otherwise: park", "otherwise: drop"))
                .write("connectors/desk/mappings/opened.jslt", "{\n \"subject\": }\n")
                .write("connectors/desk/mappings/unused.jslt", ".")
                .write("connectors/empty/README.md", "nothing")
                .write(
                        "schemas/events/ticket.opened.v1.schema.json",
                        "{%s,\n \"type\": \"object\",\n \"propertys\": {}}".formatted(Folder.SCHEMA_HEAD))
                .write(
                        "schemas/desk/ticket.v1.schema.json",
                        "{%s,\n \"$ref\": \"https://example.com/x.json\"}".formatted(Folder.SCHEMA_HEAD));

        var problems = String.join("\n", folder.problems());

        assertThat(problems).doesNotContain("c2VjcmV0", "com.", "java.");
        assertThat(problems + "\n").isEqualTo("""
                connectors/desk/connector.yaml:1: The property 'title' is missing.
                connectors/desk/connector.yaml:2: The property 'titel' is not known here.
                connectors/desk/connector.yaml:6: secret is the name of a secret (small letters, digits, hyphens), never the secret itself
                connectors/desk/connector.yaml:9: maxBytes is a size as 1MiB or 512KiB, at most 16MiB
                connectors/desk/connector.yaml:17:20: the expression ends too early
                connectors/desk/connector.yaml:18:14: unknown variable $nobody, there are none here
                connectors/desk/connector.yaml:20: this event is never met: the rule at connectors/desk/connector.yaml:13 takes it before
                connectors/desk/connector.yaml:25: 'id' occurs twice
                connectors/desk/connector.yaml:26: otherwise is park, or ignore with a reason: { ignore: "..." }
                connectors/desk/mappings/opened.jslt:2:13: unexpected '}'
                connectors/desk/mappings/unused.jslt: no event names this mapping: name it or delete it
                connectors/empty: there is no connector.yaml in this folder
                schemas/desk/ticket.v1.schema.json:2: $ref 'https://example.com/x.json' finds no schema in schemas/; nothing else may be referred to
                schemas/events/ticket.opened.v1.schema.json:1: a canonical schema is closed: say "additionalProperties": false
                schemas/events/ticket.opened.v1.schema.json:3: JSON Schema has no keyword 'propertys'
                """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            kind: ticketing              | kind: shop                       | 3: kind: It is none of
            connector: desk              | connector: help                  | 1: the connector is named 'help' and its folder 'desk'
            secret: webhook              | secret: a:b                      | 6: secret is the name of a secret
            secret: webhook              | secret: "a secret"               | 6: secret is the name of a secret
            verify: { scheme: hmac-sha256, header: X-Signature, prefix: "sha256=", encoding: hex, secret: webhook } | `` | 7: intake.webhook: The property 'verify' is missing
            , secret: webhook            | ``                               | 6: intake.webhook.verify: The property 'secret' is missing
            header: X-Signature,         | ``                               | 6: intake.webhook.verify: The property 'header' is missing
            hmac-sha256, header          | basic, header                    | 6: intake.webhook.verify
            scheme: hmac-sha256          | scheme: md5                      | 6: intake.webhook.verify.scheme: It is none of
            scheme: hmac-sha256          | scheme: none, reason: trust      | 6: intake.webhook.verify
            sha256, header               | sha256, algorithm: sha1, header  | 6: intake.webhook.verify: The property 'algorithm' is not known
            hmac-sha256, header          | hmac, algorithm: md5, header     | 6: intake.webhook.verify.algorithm: It is none of
            hmac-sha256, header          | hmac, signed: "{bdy}", header    | 6: signed knows {id}, {timestamp} and {body}
            hmac-sha256, header          | hmac, signed: "x", header        | 6: signed must hold {body} exactly once
            hmac-sha256, header          | hmac, signed: "{id}{body}", header | 6: signed holds {id}: say in which header
            hmac-sha256, header          | hmac, timestamp: X-Time, header  | 6: signed does not hold {timestamp}
            hmac-sha256, header          | body-field, path: "a[]b", header | 6: intake.webhook.verify.path: It does not match
            hmac-sha256, header          | jwt, algorithms: [HS512], header | 6: intake.webhook.verify.algorithms.0: It is none of
            hmac-sha256, header          | hmac, tolerance: 5m, header      | 6: there is no time stamp: say in which header
            { scheme: hmac-sha256, header: X-Signature, prefix: "sha256=", encoding: hex, secret: webhook } | { scheme: all, of: [{ scheme: path, secret: a }] } | 6: intake.webhook.verify.of
            { scheme: hmac-sha256, header: X-Signature, prefix: "sha256=", encoding: hex, secret: webhook } | { scheme: all, of: [{ scheme: path, secret: a }, { scheme: basic, secret: a }] } | 6: two of them have the secret a
            { scheme: hmac-sha256, header: X-Signature, prefix: "sha256=", encoding: hex, secret: webhook } | { scheme: all, of: [{ scheme: path, secret: a }, { scheme: none, reason: b }] } | 6: none is no proof that can stand beside others
            { scheme: hmac-sha256, header: X-Signature, prefix: "sha256=", encoding: hex, secret: webhook } | { scheme: all, of: [{ scheme: path, secret: a }, { scheme: token, secret: whsec_abc }] } | 6: secret is the name of a secret
            { scheme: hmac-sha256, header: X-Signature, prefix: "sha256=", encoding: hex, secret: webhook } | { scheme: all, of: [{ scheme: path, secret: a }, { scheme: token, secret: b, field: c }] } | 6: intake.webhook.verify.of.1: The property 'field' is not known
            hmac-sha256, header: X-Signature, prefix: "sha256=", encoding: hex, secret: webhook | jwt, issuer: a, audience: b, secret: c | 6: intake.webhook.verify: The property 'algorithms' is missing
            hmac-sha256, header: X-Signature, prefix: "sha256=", encoding: hex, secret: webhook | jwt, algorithms: [RS256], audience: b, secret: c | 6: intake.webhook.verify: The property 'issuer' is missing
            hmac-sha256, header: X-Signature, prefix: "sha256=", encoding: hex, secret: webhook | jwt, algorithms: [RS256], issuer: a, secret: c | 6: intake.webhook.verify: The property 'audience' is missing
            hmac-sha256, header: X-Signature, prefix: "sha256=", encoding: hex, secret: webhook | jwt, algorithms: [RS256], issuer: a, audience: b | 6: intake.webhook.verify: The property 'secret' is missing
            hmac-sha256, header: X-Signature, prefix: "sha256=", encoding: hex, secret: webhook | jwt, algorithms: [RS256], issuer: a, audience: b, secret: c, jwks: "https://a/b" | 6: the keys are in a file
            hmac-sha256, header: X-Signature, prefix: "sha256=", encoding: hex, secret: webhook | jwt, algorithms: [HS256], issuer: a, audience: b, jwks: "https://a/b" | 6: the key of HS256 is a secret
            hmac-sha256, header: X-Signature, prefix: "sha256=", encoding: hex, secret: webhook | jwt, algorithms: [RS256], issuer: a, audience: b, jwks: "http://a/b" | 6: intake.webhook.verify.jwks: It does not match
            hmac-sha256, header: X-Signature, prefix: "sha256=", encoding: hex, secret: webhook | jwt, algorithms: [RS256], issuer: a, audience: b, jwks: "https://a@b/c" | 6: jwks is an address
            signed: false                | signed: true                     | 7: the proof (HMAC-SHA-256 of the body in X-Signature) does not cover the header X-Delivery
            [application/json]           | [application/json, text/xml]     | 8: one connector reads either JSON or XML
            [application/json]           | [application/json; charset=utf-8]| 8: intake.webhook.media.0
            [application/json]           | [application/octet-stream]       | 8: one of the media must be JSON
            [application/json]           | [application/json, application/edifact] | 8: one connector reads either JSON or XML or EDI
            [application/json]           | [application/edi-x12]            | 10: the messages of an interchange are events of their own: split: messages[]
            [application/json]           | []                               | 8: intake.webhook.media
            64KiB                        | 17MiB                            | 9: maxBytes is a size
            64KiB                        | 0                                | 9: maxBytes is a size
            maxBytes: 64KiB              | limits: { burst: 5 }             | 9: intake.webhook.limits: The property 'perSecond' is missing
            maxBytes: 64KiB              | limits: { perSecond: 0 }         | 9: intake.webhook.limits.perSecond: It is less than 1
            maxBytes: 64KiB              | limits: { concurrent: many }     | 9: intake.webhook.limits.concurrent: It is of type string
            maxBytes: 64KiB              | limits: { bytesPerSecond: much }  | 9: bytesPerSecond is a size
            maxBytes: 64KiB              | limits: { concurrentBytes: 0 }    | 9: concurrentBytes is a size
            maxBytes: 64KiB              | limits: { concurrentBytes: 1023KiB } | 9: a delivery of maxBytes would never get in
            maxBytes: 64KiB              | limits: { together: { burst: 5 } } | 9: intake.webhook.limits.together: The property 'perSecond' is missing
            maxBytes: 64KiB              | limits: { together: { bytesPerSecond: 0 } } | 9: bytesPerSecond is a size
            maxBytes: 64KiB              | limits: { together: { concurrent: 5 } } | 9: intake.webhook.limits.together: The property 'concurrent' is not known
            maxBytes: 64KiB              | limits: { perMinute: 9 }         | 9: intake.webhook.limits: The property 'perMinute' is not known
            split: none                  | split: //IDOC                    | 10: //NAME is for XML
            split: none                  | split: a.b                       | 10: split is none
            split: none                  | xml: { repeated: [A] }           | 10: 'xml' is for connectors whose media are XML
            split: none                  | edi: { test: park }              | 10: 'edi' is for connectors whose media are EDI
            split: none                  | edi: { test: publish }           | 10: edi.test: It is none of
            split: none                  | edi: { broken: everything }      | 10: edi.broken: It is none of
            split: none                  | edi: { partners: { ACME: { test: park } } } | 10: edi.partners
            split: none                  | edi: { partners: { acme: {} } }  | 10: edi.partners.acme
            split: none                  | edi: { charset: EBCDIC }         | 10: edi.charset: It is none of
            split: none                  | edi: { loops: { ORDERS: [lin] } } | 10: edi.loops.ORDERS.0: It does not match
            sender: .from                | sender: .from[                   | 11:14: the expression ends too early
            .kind == "noted"             | .kind == "opened"                | 20: this event is never met: the rule at connectors/desk/connector.yaml:13
            .kind == "opened"            | true                             | 20: this event is never met
            desk/ticket.v1               | desk/nothing.v1                  | 14: there is no schema schemas/desk/nothing.v1.schema.json
            desk/ticket.v1               | ../ticket.v1                     | 14: events.0.contract: It does not match
            ticket.opened.v1             | ticket.closed.v1                 | 16: there is no schema schemas/events/ticket.closed.v1.schema.json
            mappings/opened.jslt         | mappings/closed.jslt             | 15: there is no mapping connectors/desk/mappings/closed.jslt
            orderBy: .ticket.id          | orderBy: $sender                 | 18:14: unknown variable $sender
            id: .note                    | id: now()                        | 24:9: now() is refused
            id: .note                    | notes: .note                     | 24: events.1: The property 'notes' is not known here
            keys: {                      | keys: { B-C: .x,                 | 19: events.0.keys
            otherwise: park              | otherwise: { ignore: "" }        | 25: otherwise.ignore: It is shorter than 1
            otherwise: park              | otherwise: drop                  | 25: otherwise is park, or ignore
            split: none                  | order: loose                     | 10: order is strict, or none
            split: none                  | order: true                      | 10: order is strict, or none
            split: none                  | calls: { deadline: 5 }           | 10: calls.deadline: It is of type integer
            split: none                  | calls: { deadline: 5m }          | 10: calls.deadline: It does not match
            split: none                  | calls: { deadline: 0s }          | 10: calls.deadline: It does not match
            split: none                  | calls: { atOnce: 65 }            | 10: calls.atOnce: It is more than 64
            split: none                  | calls: { atOnce: 0 }             | 10: calls.atOnce: It is less than 1
            split: none                  | calls: { retries: 3 }            | 10: calls: The property 'retries' is not known
            split: none                  | calls: yes                       | 10: calls: It is of type
            title: Service desk          | title: &a Service desk           | 2: anchors and aliases are refused
            title: Service desk          | title: !!java.net.URL [x]        | 2: the tag !!java.net.URL is refused
            title: Service desk          | title: [                         | not well-formed YAML
            title: Service desk          | title: a\\ntitle: b              | 3: 'title' occurs twice
            """)
    void namesTheLine(String piece, String by, String expected) {
        folder.yaml(piece, by.replace("\\n", "\n"));

        assertThat(folder.problems())
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("connectors/desk/connector.yaml:")
                        .contains((Character.isDigit(expected.charAt(0)) ? "connector.yaml:" : "") + expected));
    }

    @Test
    void readsWhetherOrderCounts() {
        assertThat(desk("split: none").ordered()).isTrue();
        assertThat(desk("order: strict").ordered()).isTrue();
        assertThat(desk("order: none").ordered()).isFalse();
    }

    @Test
    void readsHowItsRouteAsks() {
        assertThat(callsOf("split: none")).isNull();
        assertThat(callsOf("calls: {}")).isEqualTo(new Calls(Duration.ofSeconds(5), 8));
        assertThat(callsOf("calls: { deadline: 800ms, atOnce: 2 }")).isEqualTo(new Calls(Duration.ofMillis(800), 2));
    }

    private Calls callsOf(String property) {
        return desk(property).calls();
    }

    private Connector desk(String property) {
        return requireNonNull(folder.yaml("split: none", property).read().connector("desk"));
    }

    /** What a route has asked for is there for mappings of connectors that ask. */
    @Test
    void knowsLookupsOnlyWhereARouteAsks() {
        folder.write("connectors/desk/mappings/opened.jslt", "{\"time\": .at, \"data\": {\"ticket\": $lookup.x.key}}");
        assertThat(folder.problems())
                .anySatisfy(problem -> assertThat(problem)
                        .contains("unknown variable $lookup")
                        .contains("$lookup is there when connector.yaml declares calls"));
        folder.yaml("split: none", "calls: {}");
        assertThat(folder.problems()).isEmpty();
    }

    @Test
    void readsTheLimitsOfSenders() {
        assertThat(limitsOf("maxBytes: 64KiB")).isEqualTo(Limits.NONE);
        assertThat(limitsOf("limits: { perSecond: 20 }")).isEqualTo(Limits.ofRequests(20, 20, 0));
        assertThat(limitsOf("limits: { perSecond: 20, burst: 5, concurrent: 8 }"))
                .isEqualTo(Limits.ofRequests(20, 5, 8));
        assertThat(limitsOf("limits: { concurrent: 8 }")).isEqualTo(Limits.ofRequests(0, 0, 8));
        assertThat(limitsOf("limits: { bytesPerSecond: 2MiB, concurrentBytes: 4MiB }"))
                .isEqualTo(new Limits(new Rate(0, 0, 2 << 20, 2 << 20), Rate.NONE, 0, 4 << 20));
        // one of the largest size must get in
        assertThat(limitsOf("limits: { bytesPerSecond: 10KiB }").each()).isEqualTo(new Rate(0, 0, 10 << 10, 1 << 20));
        assertThat(limitsOf("limits: { together: { perSecond: 50, burst: 80, bytesPerSecond: 2MiB } }"))
                .isEqualTo(new Limits(Rate.NONE, new Rate(50, 80, 2 << 20, 2 << 20), 0, 0));
    }

    private Limits limitsOf(String property) {
        var desk = folder.yaml("maxBytes: 64KiB", property).read().connector("desk");
        return requireNonNull(desk).webhook().limits();
    }

    @Test
    void takesASignedIdThatTheTemplateHolds() {
        folder.write(
                "connectors/desk/connector.yaml",
                Folder.YAML
                        .replace("hmac-sha256, header", "hmac, signed: \"{id}.{body}\", id: x-delivery, header")
                        .replace("signed: false", "signed: true"));
        assertThat(folder.problems()).isEmpty();
        assertThat(folder.read().connector("desk").webhook().deliveryIdSigned()).isTrue();
    }

    @Test
    void takesNoProofOnlyForAReason() {
        var verify = "scheme: hmac-sha256, header: X-Signature, prefix: \"sha256=\", encoding: hex, secret: webhook";
        assertThat(folder.yaml(verify, "scheme: none").problems())
                .containsExactly(
                        "connectors/desk/connector.yaml:6: intake.webhook.verify: The property 'reason' is missing.");
        assertThat(folder.yaml(verify, "scheme: none, reason: \" \"").problems())
                .hasSize(1);
        assertThat(folder.yaml(verify, "scheme: none, reason: It signs nothing").problems())
                .isEmpty();
    }

    @Test
    void refusesTwoYamlDocumentsAndAnEmptyFile() {
        assertThat(folder.write("connectors/desk/connector.yaml", Folder.YAML + "---\na: b\n")
                        .problems())
                .containsExactly("connectors/desk/connector.yaml:27: only one YAML document is expected");
        assertThat(folder.write("connectors/desk/connector.yaml", "").problems())
                .contains("connectors/desk/connector.yaml: the file is empty");
    }

    @Test
    void trustsNoConnectorWithoutTheSchemaOfConnectors() {
        assertThat(folder.write("schemas/hub/connector.v1.schema.json", "{}")
                        .yaml("hmac-sha256", "none")
                        .problems())
                .contains(
                        "connectors/desk/connector.yaml:1: schemas/hub/connector.v1.schema.json, which this is checked"
                                + " against, is missing or broken");
    }

    /** Whoever may write connectors must not get at what proves others by calling it a sender's. */
    @ParameterizedTest
    @ValueSource(strings = {"bus", "hub"})
    void callsNoConnectorAsTheHubsOwnSecretsAreCalled(String name) {
        assertThat(folder.write(
                                "connectors/" + name + "/connector.yaml",
                                Folder.YAML.replace("connector: desk", "connector: " + name))
                        .problems())
                .anyMatch(problem ->
                        problem.startsWith("connectors/%1$s: the secrets %1$s.* are the hub's own".formatted(name)));
    }

    @Test
    void asksForTheFoldersItNeeds() {
        assertThat(new Folder(root.resolve("nowhere")).problems())
                .hasSize(3)
                .allSatisfy(problem -> assertThat(problem).contains("there is no such folder"));
    }
}
