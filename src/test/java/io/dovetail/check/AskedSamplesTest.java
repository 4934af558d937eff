package io.dovetail.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Samples of a connector whose route asks another system: the one of the documentation. */
class AskedSamplesTest {

    private static final String GOLD = "connectors/dealdesk/samples/gold/";
    private static final String REQUEST = "GET https://crm.example.com/api/partners/P-77?fields=name,tier";

    @TempDir
    private Path root;

    private Tree tree;

    @BeforeEach
    void copy() {
        tree = DealdeskExample.addTo(Tree.of(root), DealdeskExample.CRM);
    }

    @Test
    void theDocumentedConnectorIsSound() {
        assertThat(DealdeskExample.files()).hasSize(11);
        assertThat(Check.report(root, Set.of("dealdesk")).toString())
                .matches("1 connector, \\d+ schemas, \\d+ routes, 2 samples: no problems");
    }

    @Test
    void wantAnAnswerToEverythingThatIsAsked() {
        tree.delete(GOLD + "answers.json");
        assertThat(tree.problems("dealdesk"))
                .contains(GOLD + "answers.json: there is no answer (any more) to " + REQUEST)
                .doesNotContain("events.json");
        tree.write(GOLD + "answers.json", "[{\"request\": \"GET https://crm.example.com/api/partners/P-78\"}]");
        assertThat(tree.problems("dealdesk")).contains("there is no answer (any more) to " + REQUEST);
    }

    @Test
    void wantEveryAnswerToBeAskedFor() {
        tree.change(
                GOLD + "answers.json", "}]", "}, {\"request\": \"GET https://crm.example.com/x\"}, {\"status\": 404}]");
        assertThat(tree.problems("dealdesk"))
                .contains("nobody asks for the answer to GET https://crm.example.com/x")
                .contains("nobody asks for the answer with status 404");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"status": 503}                                          | waiting: GET https://crm.example.com/api/partners/{partner}
        {"status": 401, "text": "who are you?"}                  | waiting: GET
        {"text": "<html>", "contentType": "text/html"}           | waiting: GET
        {"failure": "reset"}                                     | waiting: GET
        {"status": 422, "body": {"why": "no such partner"}}      | parked: GET
        {"status": 404}                                          | parked: GET
        {"text": "{", "contentType": "application/json"}         | parked: GET
        {"body": {"tier": "wood"}}                               | data/partnerTier
        """)
    void areJudgedAsTheNetworksAnswersAre(String answer, String problem) {
        tree.write(GOLD + "answers.json", "[" + answer + "]");
        assertThat(tree.problems("dealdesk")).contains(GOLD + "events.json").contains(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {}                                          | answers.json is a list
        [{"status": 42}]                            | status is a number of HTTP
        [{"body": {}, "text": ""}]                  | a body, which is JSON, or a text
        [{"answer": {}}]                            | 'answer' is not known here
        [{"request": 1}]                            | 'request' is no text
        [                                           | answers.json
        """)
    void areReadStrictly(String answers, String problem) {
        tree.write(GOLD + "answers.json", answers);
        assertThat(tree.problems("dealdesk")).contains(GOLD + "answers.json").contains(problem);
    }

    @Test
    void knowNothingFoundWhereTheRouteDoes() {
        tree.change(
                        "connectors/dealdesk/dealdesk-partner.kamelet.yaml",
                        "authMethod: Basic",
                        "okStatusCodeRange: 200-299,404\n              authMethod: Basic")
                .change(
                        "connectors/dealdesk/mappings/deal.jslt",
                        "lowercase($lookup.partnerInCrm.tier)",
                        "if ($lookup.partnerInCrm) lowercase($lookup.partnerInCrm.tier) else \"gold\"")
                .write(GOLD + "answers.json", "[{\"status\": 404}]");
        assertThat(tree.problems("dealdesk")).isEmpty();
    }
}
