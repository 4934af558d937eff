package io.dovetail.translate.camel;

import io.dovetail.call.Caller;
import io.dovetail.camel.BrokenRoutesException;
import io.dovetail.camel.HubRoute;
import io.dovetail.camel.RouteContext;
import io.dovetail.camel.Verb;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems.Problem;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.translate.Source;
import io.dovetail.translate.Translated;
import io.dovetail.translate.Translator;
import java.util.List;
import java.util.Map;

/**
 * Translates by the route {@code routes/translate/<connector>.camel.yaml} where there is one, and by
 * {@code default.camel.yaml} for all others.
 */
public final class CamelTranslator implements Translator {

    private static final String FOLDER = "routes/translate/";
    private static final String DEFAULT = "default";

    private static final Map<String, Verb> VERBS = Map.of(
            "contract", parameters -> exchange -> ContractStep.run(exchange),
            "mapping", parameters -> exchange -> MappingStep.run(exchange),
            "canonical", parameters -> exchange -> CanonicalStep.run(exchange));

    private final RouteContext context;
    private final Map<String, HubRoute> routes;
    private final HubRoute standard;

    /** @throws io.dovetail.camel.BrokenRoutesException with everything that keeps the routes from being loaded */
    public CamelTranslator(Configuration configuration) {
        context = RouteContext.start("translate", configuration.files(), FOLDER, VERBS, true);
        routes = Map.copyOf(context.routes());
        var found = routes.get(DEFAULT);
        if (found == null) {
            context.close();
            throw new BrokenRoutesException(List.of(new Problem(
                    FOLDER + DEFAULT + ".camel.yaml",
                    "is missing; every connector without a route of its own is translated by it")));
        }
        standard = found;
    }

    @Override
    public Translated translate(Source source, Caller caller) {
        var route = routes.getOrDefault(source.connector().name(), standard);
        var work = new Translation(source, caller);
        route.run(source.tree(), work, FailureKind.INTERNAL);
        var result = work.result();
        if (result == null) {
            throw new FailedException(Failure.of(
                    FailureKind.MAPPING,
                    route.place(),
                    "route incomplete",
                    "the route ends without having said an event; let it call kamelet:hub-contract,"
                            + " kamelet:hub-mapping and kamelet:hub-canonical, in this order"));
        }
        return result;
    }

    @Override
    public void close() {
        context.close();
    }
}
