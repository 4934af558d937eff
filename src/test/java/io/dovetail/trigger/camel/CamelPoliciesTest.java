package io.dovetail.trigger.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.camel.BrokenRoutesException;
import io.dovetail.camel.Shop;
import io.dovetail.event.Event;
import io.dovetail.event.FailedException;
import io.dovetail.event.FailureKind;
import io.dovetail.event.Ids;
import io.dovetail.event.Lineage;
import io.dovetail.event.Priority;
import io.dovetail.event.Trigger;
import io.dovetail.translate.Translated;
import io.dovetail.translate.camel.CamelTranslator;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class CamelPoliciesTest {

    private static final String ORDERS = "routes/triggers/orders.camel.yaml";

    private final Shop shop = new Shop();

    @Test
    void triggersWhatTheConditionsSay() throws Exception {
        var event = event("order.placed.v1", "4711", "12000", "silver");
        var hash = MessageDigest.getInstance("SHA-256").digest(shop.file(ORDERS));
        assertThat(apply(event))
                .containsExactly(new Trigger(
                        Ids.trigger(event.id(), "order-review"),
                        "order-review",
                        Priority.HIGH,
                        Shop.ACCEPTED_AT.plus(Duration.ofHours(4)),
                        "More than 50% of the limit (10,000) & \"unusual\"; a=b?",
                        "orders",
                        HexFormat.of().formatHex(hash, 0, 8),
                        event));
    }

    @Test
    void hasDefaultsForAllButTheWorkflow() {
        var trigger = apply(event("order.changed.v1", "1", "5", "gold")).getFirst();
        assertThat(trigger.workflow()).isEqualTo("gold-care");
        assertThat(trigger.priority()).isEqualTo(Priority.NORMAL);
        assertThat(trigger.due()).isEqualTo(Shop.ACCEPTED_AT.plus(Duration.ofDays(1)));
        assertThat(trigger.approval()).isNull();
    }

    @Test
    void asksNobodyAboutATypeThatNoPolicyDeclares() {
        assertThat(apply(event("order.eaten.v1", "1", "20000", "gold"))).isEmpty();
    }

    @Test
    void asksPoliciesInTheOrderOfTheirIds() {
        shop.put("routes/triggers/audit.camel.yaml", policy("audit", "order-audit"));
        shop.put("routes/triggers/zoo.camel.yaml", policy("zoo", "order-zoo"));
        assertThat(apply(event("order.placed.v1", "1", "20000", "gold")))
                .extracting(Trigger::workflow)
                .containsExactly("order-audit", "order-review", "gold-care", "order-zoo");
    }

    @Test
    void givesEveryPolicyTheWholeEvent() {
        var condition =
                ".id == \"" + Ids.event("shop", "acme", "7") + "\" and .connector == \"shop\" and .sender == \"acme\""
                        + " and .type == \"order.placed.v1\" and .subject =="
                        + " \"7\" and .time == \"2026-05-01T11:30:00Z\" and .key"
                        + " == \"7\"";
        shop.change(ORDERS, "'.data.tier == \"gold\"'", "'" + condition + "'");
        assertThat(apply(event("order.placed.v1", "7", "1", "silver")))
                .extracting(Trigger::workflow)
                .containsExactly("gold-care");
    }

    @Test
    void refusesToTriggerAWorkflowTwice() {
        shop.put("routes/triggers/twice.camel.yaml", policy("twice", "gold-care"));
        assertThatThrownBy(() -> apply(event("order.placed.v1", "1", "1", "gold")))
                .isInstanceOfSatisfying(FailedException.class, e -> {
                    assertThat(e.failure().kind()).isEqualTo(FailureKind.MAPPING);
                    assertThat(e.failure().place()).isEqualTo("routes/triggers/twice.camel.yaml (route twice)");
                    assertThat(e.failure().message()).contains("gold-care").contains("route orders");
                });
    }

    @Test
    void namesTheRouteAndThePlaceOfAConditionThatFails() {
        shop.change(ORDERS, "number(.data.total.amount) >= 10000", "number(\"x\" + .data.total.amount) >= 10000");
        assertThatThrownBy(() -> apply(event("order.placed.v1", "1", "1", "gold")))
                .isInstanceOfSatisfying(FailedException.class, e -> {
                    assertThat(e.failure().kind()).isEqualTo(FailureKind.MAPPING);
                    assertThat(e.failure().place()).isEqualTo(ORDERS + " (route orders)");
                    assertThat(e.failure().message()).contains(ORDERS + ":14:");
                });
    }

    @Test
    void namesEveryPolicyThatCannotBeLoaded() {
        shop.put("routes/triggers/a.camel.yaml", policy("a", "x&priority=now"));
        shop.put("routes/triggers/b.camel.yaml", policy("b", "x").replace("'true'", "'.data =='"));
        shop.put("routes/triggers/c.camel.yaml", policy("another", "x"));
        shop.put("routes/triggers/d.camel.yaml", policy("d", "x").replace("?types=order.placed.v1", ""));
        assertThatThrownBy(() -> policies())
                .isInstanceOf(BrokenRoutesException.class)
                .hasMessageContaining("routes/triggers/a.camel.yaml: the priority of a trigger is one of [low")
                .hasMessageContaining("routes/triggers/b.camel.yaml:9:63: ")
                .hasMessageContaining("routes/triggers/c.camel.yaml: has no route with the id \"c\"")
                .hasMessageContaining("routes/triggers/d.camel.yaml: ");
    }

    @Test
    void refusesARouteThatIsNoPolicy() {
        shop.put(
                "routes/triggers/x.camel.yaml",
                policy("x", "y").replace("kamelet:hub-event?types=order.placed.v1", "direct:x"));
        assertThatThrownBy(() -> policies())
                .isInstanceOf(BrokenRoutesException.class)
                .hasMessageContaining("routes/triggers/x.camel.yaml: a policy must begin with kamelet:hub-event");
    }

    @Test
    void tellsWhichTypesEachPolicyDeclares() {
        try (var policies = policies()) {
            assertThat(policies.types()).containsOnlyKeys("orders");
            assertThat(policies.types().get("orders")).isEqualTo(Set.of("order.placed.v1", "order.changed.v1"));
        }
    }

    @Test
    void keepsEventsApartThatAreTranslatedAtTheSameTime() throws Exception {
        var configuration = shop.configuration();
        try (var translator = new CamelTranslator(configuration);
                var policies = new CamelPolicies(configuration);
                var threads = Executors.newFixedThreadPool(4)) {
            var runs = new ArrayList<Callable<Void>>();
            for (var i = 0; i < 2000; i++) {
                var number = "PO-" + i;
                var broken = i % 10 == 9;
                var large = i % 2 == 0;
                var tree = broken
                        ? Shop.tree("{\"kind\":\"order\",\"order\":{}}")
                        : Shop.order(number, large ? "20000" : "5");
                runs.add(() -> {
                    var source = Shop.source(configuration, "acme", number, tree);
                    if (broken) {
                        assertThatThrownBy(() -> translator.translate(source)).isInstanceOf(FailedException.class);
                        return null;
                    }
                    var event = ((Translated.Said) translator.translate(source)).event();
                    assertThat(event.id()).isEqualTo(source.id());
                    assertThat(event.data().path("number").asText()).isEqualTo(number);
                    assertThat(policies.apply(event, source.acceptedAt()))
                            .allSatisfy(trigger -> assertThat(trigger.event()).isSameAs(event))
                            .extracting(Trigger::workflow)
                            .isEqualTo(large ? List.of("order-review", "gold-care") : List.of("gold-care"));
                    return null;
                });
            }
            for (var done : threads.invokeAll(runs)) {
                try {
                    done.get();
                } catch (ExecutionException e) {
                    throw new AssertionError(e.getCause());
                }
            }
        }
    }

    private static String policy(String id, String workflow) {
        return """
            - route:
                id: %s
                description: A policy.
                from:
                  uri: kamelet:hub-event?types=order.placed.v1
                  steps:
                    - filter:
                        expression:
                          language: { language: jslt, expression: 'true' }
                        steps:
                          - to: kamelet:hub-trigger?workflow=%s
            """.formatted(id, workflow);
    }

    private CamelPolicies policies() {
        return new CamelPolicies(shop.configuration());
    }

    private List<Trigger> apply(Event event) {
        try (var policies = policies()) {
            return policies.apply(event, Shop.ACCEPTED_AT);
        }
    }

    private static Event event(String type, String number, String amount, String tier) {
        var data = Shop.tree("{\"number\":\"" + number + "\",\"tier\":\"" + tier + "\",\"total\":{\"amount\":\""
                + amount + "\",\"currency\":\"EUR\"}}");
        var time = Shop.ACCEPTED_AT.minus(Duration.ofMinutes(30));
        return new Event(
                Ids.event("shop", "acme", number),
                "shop",
                "acme",
                type,
                number,
                time,
                number,
                null,
                0,
                null,
                Lineage.NONE,
                data);
    }
}
