package io.dovetail.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** An alert on something that nobody measures never rings, so each one must watch a metric that the hub has. */
class AlertRulesTest {

    private static final Set<String> WORDS = Set.of(
            "abs",
            "and",
            "avg",
            "by",
            "count",
            "deriv",
            "histogram_quantile",
            "increase",
            "max",
            "min",
            "or",
            "rate",
            "sum",
            "unless",
            "without");

    private final Checkout checkout = Checkout.here();

    @Test
    void everyAlertSaysHowBadItIsAndWhatToDo() {
        assertThat(rules()).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule.get("alert").asText()).matches("Hub[A-Za-z]+");
            assertThat(rule.get("for").asText()).matches("[0-9]+[smh]");
            assertThat(rule.at("/labels/severity").asText()).isIn("page", "ticket");
            assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
            assertThat(rule.at("/annotations/action").asText()).isNotBlank();
        });
    }

    @Test
    void everyExpressionIsWhole() {
        assertThat(rules()).allSatisfy(rule -> {
            var open = new ArrayList<Integer>();
            rule.get("expr").asText().chars().forEach(c -> {
                if ("([{".indexOf(c) >= 0) {
                    open.add("([{".indexOf(c));
                } else if (")]}".indexOf(c) >= 0) {
                    assertThat(open).isNotEmpty();
                    assertThat(open.removeLast()).isEqualTo(")]}".indexOf(c));
                }
            });
            assertThat(open).isEmpty();
        });
    }

    @Test
    void alertsWatchTheHubAlone() {
        assertThat(rules())
                .allSatisfy(rule -> assertThat(metrics(rule.get("expr").asText()))
                        .isNotEmpty()
                        .allMatch(metric -> metric.startsWith("hub_") || metric.equals("up")));
    }

    @Test
    void everyWatchedMetricIsOneTheHubHas() {
        var measured = checkout.mentionedInSources(Pattern.compile("(?<=\")hub[._][a-z][a-z._]*(?=\")")).stream()
                .map(AlertRulesTest::stem)
                .collect(Collectors.toCollection(TreeSet::new));
        assumeThat(measured).as("the engine measures something").isNotEmpty();
        assertThat(rules())
                .allSatisfy(rule -> assertThat(metrics(rule.get("expr").asText()))
                        .allMatch(
                                metric -> metric.equals("up") || measured.contains(stem(metric)),
                                "is one of " + measured));
    }

    @Test
    void readsTheMetricsOfAnExpression() {
        assertThat(
                        metrics(
                                "sum by (connector) (rate(hub_events_total{outcome=\"parked\"}[5m])) / hub_x > 1e3 and up == 0"))
                .containsExactly("hub_events_total", "hub_x", "up");
    }

    private List<JsonNode> rules() {
        var rules = new ArrayList<JsonNode>();
        checkout.yaml("docker/alerts.yaml")
                .get("groups")
                .forEach(group -> group.get("rules").forEach(rules::add));
        return rules;
    }

    private static List<String> metrics(String expression) {
        var bare = expression.replaceAll("\\{[^}]*}|\\[[^]]*]", "").replaceAll("\\b(by|without)\\s*\\([^)]*\\)", "");
        return Pattern.compile("(?<![\\w.])[a-z_]\\w*")
                .matcher(bare)
                .results()
                .map(match -> match.group())
                .filter(word -> !WORDS.contains(word))
                .toList();
    }

    /** Micrometer adds units and kinds at the end: {@code hub.events} becomes {@code hub_events_total}. */
    private static String stem(String name) {
        return name.replace('.', '_').replaceAll("(_(total|seconds|bytes|bucket|count|sum|max))+$", "");
    }
}
