package io.dovetail.camel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.connector.Problems;
import io.dovetail.connector.Problems.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteLintTest {

    private static final String POLICY = """
        - route:
            id: order
            description: Large orders are looked at.
            from:
              uri: kamelet:hub-event
              parameters:
                types: order.placed.v1
              steps:
                - filter:
                    expression:
                      language: { language: jslt, expression: '.data.large' }
                    steps:
                      - to:
                          uri: kamelet:hub-trigger
                          parameters:
                            workflow: order-review
                            due: PT4H
        """;

    private final TreeMap<String, byte[]> files = new TreeMap<>(HubFiles.read());

    RouteLintTest() {
        files.put("schemas/events/order.placed.v1.schema.json", "{}".getBytes(UTF_8));
    }

    @Test
    void findsNothingWrongWithOurOwnRoutes() throws IOException {
        for (var folder : List.of("connectors", "routes", "schemas")) {
            try (var paths = Files.walk(Path.of(folder))) {
                for (var path : paths.filter(Files::isRegularFile).toList()) {
                    files.put(path.toString().replace('\\', '/'), Files.readAllBytes(path));
                }
            } catch (NoSuchFileException e) {
                continue;
            }
        }
        assertThat(check()).isEmpty();
    }

    @Test
    void findsNothingWrongWithASoundPolicy() {
        put("routes/triggers/order.camel.yaml", POLICY);
        assertThat(check()).isEmpty();
    }

    @Test
    void givesNoKameletThePasswordOfTheAdministrator() {
        var poll = HubFiles.text("connectors/hub/hub-poll.kamelet.yaml");
        put("connectors/hub/hub-poll.kamelet.yaml", poll.replace("uri: ", "uri: x{{hub.admin}}"));
        assertThat(check()).extracting(Problem::toString).anyMatch(problem -> problem.contains("stands for nothing"));
    }

    /** Also of a route that calls itself as these secrets are called. */
    @ParameterizedTest
    @CsvSource({"hub, hub.admin", "bus, bus.workflow"})
    void givesNoRouteThePasswordOfAnother(String name, String secret) {
        var translation = HubFiles.text("routes/translate/default.camel.yaml");
        put(
                "routes/translate/" + name + ".camel.yaml",
                translation.replace("id: default", "id: " + name).replace("uri: ", "uri: x{{" + secret + "}}"));
        assertThat(check())
                .extracting(Problem::toString)
                .anyMatch(problem -> problem.contains("{{" + secret + "}} stands for nothing"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        id: order                             | id: other                              | 2  | must be "order"
        description: Large                    | note: Large                            | 2  | no description
        order.placed.v1                       | order.eaten.v1                         | 7  | no canonical event is called "order.eaten.v1"
        types: order.placed.v1                | typos: order.placed.v1                 | 7  | has no parameter "typos"
        types: order.placed.v1                | typos: order.placed.v1                 | 5  | needs the parameter "types"
        kamelet:hub-event                     | direct:events                          | 5  | a policy begins with kamelet:hub-event
        kamelet:hub-event                     | platform-http:/in                      | 5  | no route takes HTTP
        - filter:                             | - filtr:                               | 9  | did you mean "filter"?
        steps:                                | stepps:                                | 8  | did you mean "steps"?
        expression: '.data.large'             | expression: '.data.large =='           | 11 | ends too early
        language: jslt, expr                  | language: groovy, expr                 | 11 | the language of routes is jslt
        language: { language: jslt, expression: '.data.large' } | simple: '${body}'   | 11 | "simple" is not a language
        language: { language: jslt, expression: '.data.large' } | constant: '${body}' | 11 | is the simple language
        - to:                                 | - kamelet:                             | 13 | swallows the failures
        - to:                                 | - toD:                                 | 13 | lets the message choose
        - to:                                 | - wireTap:                             | 13 | goes on beside the hub
        - filter:                             | - aggregate:                           | 9  | keeps state
        kamelet:hub-trigger                   | kamelet:hub-trigga                     | 14 | there is no Kamelet "hub-trigga"
        kamelet:hub-trigger                   | seda:later                             | 14 | keeps events in memory
        kamelet:hub-trigger                   | 'jms:q?password=hunter2'               | 14 | secret in plain text
        kamelet:hub-trigger                   | 'ftp://joe:hunter2@host/dir'           | 14 | secret in plain text
        kamelet:hub-trigger                   | hub:trigger                            | 14 | say kamelet:hub-trigger
        due: PT4H                             | due: tomorrow                          | 17 | must match
        due: PT4H                             | priority: now                          | 17 | is one of
        due: PT4H                             | approval: 50% or more                  | 17 | RAW(50% or more)
        due: PT4H                             | approval: '#class:java.lang.Runtime'   | 17 | names Java
        due: PT4H                             | clientSecret: abc                      | 17 | secret in plain text
        workflow: order-review                | due: PT4H                              | 17 | stands here twice
        """)
    void namesFileAndLineOfEveryFault(String sound, String faulty, int line, String message) {
        assertThat(POLICY).contains(sound);
        put("routes/triggers/order.camel.yaml", POLICY.replace(sound, faulty));
        assertThat(check()).anySatisfy(problem -> {
            assertThat(problem.place()).matches("routes/triggers/order.camel.yaml:" + line + "(:\\d+)?");
            assertThat(problem.message()).containsIgnoringCase(message);
        });
    }

    @Test
    void listsFaultsOfAllFilesAtOnce() {
        put(
                "routes/triggers/order.camel.yaml",
                POLICY.replace("- filter:", "- filtr:").replace("PT4H", "soon"));
        put("routes/triggers/claim.camel.yaml", "- route: [");
        put("routes/triggers/deal.camel.yaml", POLICY + POLICY);
        put("routes/triggers/lost.yaml", POLICY);
        put("routes/triggers/deep/order.camel.yaml", POLICY);
        put("routes/translate/nobody.camel.yaml", HubFiles.text("routes/translate/default.camel.yaml"));
        put("connectors/shop/shop-orders.kamelet.yaml", """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: shop-order
            spec:
              definition:
                title: Orders of the shop
                properties:
                  apiKey:
                    title: Key
                    type: string
                    default: s3cret
              template:
                beans:
                  - name: x
                from:
                  uri: timer:x
                  steps:
                    - setHeader:
                        name: Authorization
                        constant: Bearer abcdefgh12345
                    - to: "http:host?x={{host}}"
                    - to: kamelet:sink
            """);
        var said = check().stream().map(Problem::toString).toList();
        assertThat(said)
                .anyMatch(text -> text.contains("order.camel.yaml:9: Camel knows no step \"filtr\""))
                .anyMatch(text -> text.contains("order.camel.yaml:17: \"due\""))
                .anyMatch(text -> text.contains("claim.camel.yaml") && text.contains("is no YAML"))
                .anyMatch(text -> text.contains("deal.camel.yaml:18: a second route"))
                .anyMatch(text -> text.contains("lost.yaml: is not read"))
                .anyMatch(text -> text.contains("deep/order.camel.yaml:2: is not read"))
                .anyMatch(
                        text -> text.contains("nobody.camel.yaml") && text.contains("there is no connector \"nobody\""))
                .anyMatch(text -> text.contains("nobody.camel.yaml") && text.contains("direct:translate-nobody"))
                .anyMatch(text -> text.contains("shop-orders.kamelet.yaml:4: \"name\" must be \"shop-orders\""))
                .anyMatch(text -> text.contains("shop-orders.kamelet.yaml:7: the definition needs a description"))
                .anyMatch(text ->
                        text.contains("shop-orders.kamelet.yaml:9: the parameter \"apiKey\" needs a description"))
                .anyMatch(
                        text -> text.contains("shop-orders.kamelet.yaml:12: the default of \"apiKey\" holds a secret"))
                .anyMatch(text -> text.contains("shop-orders.kamelet.yaml:14: \"beans\" does not belong here"))
                .anyMatch(text -> text.contains("shop-orders.kamelet.yaml:21: this text holds a secret"))
                .anyMatch(text -> text.contains("shop-orders.kamelet.yaml:22: {{host}} is no parameter"));
    }

    private void put(String path, String text) {
        files.put(path, text.getBytes(UTF_8));
    }

    private List<Problem> check() {
        var problems = new Problems();
        RouteLint.check(Map.copyOf(files), problems);
        return problems.list();
    }
}
