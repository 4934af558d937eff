package io.dovetail.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckTest {

    @TempDir
    private Path root;

    private Tree tree;

    @BeforeEach
    void copyEngineersFiles() {
        tree = Tree.of(root, "jira", "okta", "partner-api", "sap-idoc");
    }

    @Test
    void countsWhatItLookedAt() {
        assertThat(Check.report(root, Set.of("jira")).toString())
                .matches("1 connector, \\d+ schemas, \\d+ routes, \\d+ samples: no problems");
    }

    @Test
    void tellsASecondOneFromTheFirst() {
        var twice = "connectors/okta/samples/same-event-twice-in-one-page/events.json";
        tree.change(twice, "8f1c0009-0d51-11f1-9d6e-a1b2c3d40009\"\n  }\n]", "another\"\n  }\n]")
                .write(
                        "connectors/okta/samples/no-events/delivery.json",
                        tree.text("connectors/okta/samples/same-event-twice-in-one-page/delivery.json"))
                // where more than the id must be the same
                .write(
                        "connectors/okta/connector.yaml",
                        tree.text("connectors/okta/connector.yaml").replace("    sameBy: id\n", ""));

        assertThat(Check.report(root, Set.of("okta")).problems().toString())
                .contains(
                        twice,
                        "event 2 id is 8f1c0009-0d51-11f1-9d6e-a1b2c3d40009, expected another",
                        "connectors/okta/samples/no-events/parked.txt: the delivery is not one parked event; its"
                                + " events are published as identity.changed.v1; a duplicate of 8f1c0009",
                        "event 2 is parked: ",
                        "; expected a duplicate");
    }

    @Test
    void listsFaultsOfEveryKindAtOnce() {
        tree.delete("schemas/partner-api/deal.v1.schema.json")
                .change(
                        "connectors/partner-api/mappings/claim.jslt",
                        "\"kind\": text(.data.kind)",
                        "\"kind\": text(.data.kind")
                .change("connectors/jira/connector.yaml", "title: Jira", "title: Jira\ncolour: blue")
                .change("connectors/sap-idoc/connector.yaml", "secret: basic", "secret: \"sap:Start1234\"")
                .change(
                        "connectors/jira/samples/cloud-issue-created/events.json",
                        "\"priority\": \"",
                        "\"priority\": \"not ")
                .write("connectors/partner-api/samples/order-placed/events.json", "[{\"parked\": \"no reason\"}]")
                .write("connectors/sap-idoc/samples/no-idoc/parked.txt", "nobody knows why\n")
                .write("connectors/jira/samples/malformed/delivery.json", "{\"webhookEvent\": \"x\"}")
                .write("connectors/jira/samples/half/delivery.json", "{}")
                .change("routes/triggers/deals.camel.yaml", "- to:\n", "- kamelet:\n")
                .write("routes/triggers/planted.camel.yaml", """
                        - route:
                            id: planted
                            description: Asks the content in a language that may call Java.
                            from:
                              uri: kamelet:hub-event
                              parameters:
                                types: deal.registered.v1
                              steps:
                                - filter:
                                    expression:
                                      simple: "${body} contains 'x'"
                                    steps:
                                      - to:
                                          uri: kamelet:hub-trigger
                                          parameters:
                                            workflow: planted
                        """);

        var problems = tree.problems();

        assertThat(problems)
                .containsPattern(
                        "connectors/partner-api/connector.yaml:\\d+: .*schemas/partner-api/deal.v1.schema.json")
                .containsPattern("connectors/partner-api/mappings/claim.jslt:\\d+")
                .containsPattern("connectors/jira/connector.yaml:3: .*colour")
                .containsPattern("connectors/sap-idoc/connector.yaml:\\d+: secret is the name of a secret")
                .containsPattern("connectors/jira/samples/cloud-issue-created/events.json:\\d+: .*priority")
                .containsPattern("connectors/partner-api/samples/order-placed/events.json:1: .*expected parked")
                .containsPattern("connectors/sap-idoc/samples/no-idoc/parked.txt: .*nobody knows why")
                .containsPattern("connectors/jira/samples/malformed/refused.txt: the delivery is not refused")
                .containsPattern("connectors/jira/samples/half: ")
                .containsPattern("routes/triggers/deals.camel.yaml:\\d+: .*kamelet")
                .containsPattern("routes/triggers/planted.camel.yaml:\\d+: .*simple")
                .doesNotContain("Start1234")
                // what follows from a fault already told is no news
                .doesNotContain("samples/claim-small", "samples/deal-gold");
    }

    @Test
    void runsSamplesBesideARouteThatCamelCannotLoad() {
        tree.write(
                        "routes/triggers/deals.camel.yaml",
                        "- route:\n    id: deals\n    from: {uri: 'kamelet:nobody', steps: []}\n")
                .change(
                        "connectors/jira/samples/cloud-issue-created/events.json",
                        "\"subject\": \"",
                        "\"subject\": \"not ");

        assertThat(tree.problems())
                .contains("routes/triggers/deals.camel.yaml", "jira/samples/cloud-issue-created/events.json:")
                .doesNotContain("partner-api/samples");
    }

    @Test
    void runsOnlyTheSamplesOfTheConnectorsThatAreNamed() {
        tree.write("connectors/jira/samples/malformed/refused.txt", "nobody knows why")
                .write("connectors/sap-idoc/samples/malformed/refused.txt", "nobody knows why");

        assertThat(tree.problems("sap-idoc")).contains("connectors/sap-idoc/").doesNotContain("connectors/jira/");
    }
}
