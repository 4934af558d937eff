package io.dovetail.trigger.camel;

import io.dovetail.camel.Shop;
import io.dovetail.translate.Translated;
import io.dovetail.translate.camel.CamelTranslator;
import java.util.Map;

/** Prints what one event costs on its way through both contexts, and how much of that is Camel's. Run it by hand. */
final class CamelBench {

    private static final int EVENTS = 50_000;
    private static final int ROUNDS = 8;

    private CamelBench() {}

    public static void main(String[] arguments) {
        var configuration = new Shop().configuration();
        var started = System.nanoTime();
        try (var translator = new CamelTranslator(configuration);
                var policies = new CamelPolicies(configuration)) {
            System.out.printf("both contexts started in %.0f ms%n", (System.nanoTime() - started) / 1e6);
            var tree = Shop.order("4711", "12345.67");
            var source = Shop.source(configuration, "acme", "4711", tree);
            var rule = source.connector().events().getFirst();
            for (var round = 0; round < ROUNDS; round++) {
                var whole = micros(() -> {
                    var event = ((Translated.Said) translator.translate(source)).event();
                    return policies.apply(event, source.acceptedAt());
                });
                var work = micros(() -> {
                    var found = source.connector().rule(tree) == rule
                            && rule.contract().check(tree) == null;
                    var data = rule.mapping().apply(tree, Map.of()).get("data");
                    return found && rule.canonical().check(data) == null;
                });
                System.out.printf("%.1f us an event, of which contract, mapping and schema %.1f us%n", whole, work);
            }
        }
    }

    private interface Work {
        Object run();
    }

    private static double micros(Work work) {
        var started = System.nanoTime();
        var done = 0;
        for (var i = 0; i < EVENTS; i++) {
            done += work.run() == null ? 0 : 1;
        }
        return (System.nanoTime() - started) / 1e3 / done;
    }
}
