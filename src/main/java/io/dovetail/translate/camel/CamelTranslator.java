package io.dovetail.translate.camel;

import io.dovetail.camel.HubRoute;
import io.dovetail.camel.RouteContext;
import io.dovetail.camel.Verb;
import io.dovetail.connector.Configuration;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.translate.Source;
import io.dovetail.translate.Translated;
import io.dovetail.translate.Translator;
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

    /** @throws io.dovetail.camel.BrokenRoutesException with everything that keeps the routes from being loaded */
    public CamelTranslator(Configuration configuration) {
        context = RouteContext.start("translate", configuration.files(), FOLDER, VERBS);
        routes = Map.copyOf(context.routes());
    }

    @Override
    public Translated translate(Source source) {
        var route = routes.get(source.connector().name());
        if (route == null) {
            route = routes.get(DEFAULT);
        }
        if (route == null) {
            throw incomplete(
                    FOLDER + DEFAULT + ".camel.yaml",
                    "the file is missing; restore it, every connector without a route" + " of its own needs it");
        }
        var work = new Translation(source);
        route.run(source.tree(), work, FailureKind.INTERNAL);
        if (work.result() == null) {
            throw incomplete(
                    route.place(),
                    "the route ends without having said an event; let it call"
                            + " kamelet:hub-contract, kamelet:hub-mapping and kamelet:hub-canonical, in this order");
        }
        return work.result();
    }

    @Override
    public void close() {
        context.close();
    }

    private static FailedException incomplete(String place, String message) {
        return new FailedException(Failure.of(FailureKind.MAPPING, place, "route incomplete", message));
    }
}
