package io.dovetail.intake.poll.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.camel.BrokenRoutesException;
import io.dovetail.camel.HubRoute;
import io.dovetail.camel.Lookups;
import io.dovetail.camel.RouteContext;
import io.dovetail.camel.SecretNames;
import io.dovetail.camel.Verb;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems.Problem;
import io.dovetail.event.FailureKind;
import io.dovetail.intake.file.FileDoor;
import io.dovetail.intake.file.FileRoute;
import io.dovetail.intake.poll.Handover;
import io.dovetail.intake.poll.Page;
import io.dovetail.intake.poll.Poll;
import io.dovetail.intake.poll.PollRoute;
import io.dovetail.intake.poll.PollRoutes;
import io.dovetail.protocol.pubsub.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The routes of {@code routes/intake/}. */
public final class CamelPolls implements PollRoutes {

    private static final String FOLDER = "routes/intake/";

    private static final Map<String, Verb> VERBS = Map.of(
            "poll",
            // the beginning of a route; what it says is read when the route is known
            parameters -> exchange -> {},
            "files",
            // as above
            parameters -> exchange -> {},
            "subscribe",
            parameters -> new SubscribeStep(Subscription.of(parameters)),
            "verify",
            parameters -> exchange -> {
                var bodies = Lookups.of(exchange).path("bodies");
                exchange.getMessage()
                        .setBody(HubRoute.work(exchange, Page.class).prove(bodies));
            },
            "accept",
            parameters -> exchange -> HubRoute.work(exchange, Handover.class).accept(Lookups.of(exchange)));

    private final @Nullable RouteContext context;
    private final List<PollRoute> routes = new ArrayList<>();
    private final List<FileRoute> files = new ArrayList<>();

    /** @throws BrokenRoutesException with everything that keeps the routes from being loaded */
    public CamelPolls(Configuration configuration) {
        if (configuration.files().keySet().stream().noneMatch(path -> path.startsWith(FOLDER))) {
            context = null;
            return;
        }
        var started = RouteContext.start("intake", configuration.files(), FOLDER, VERBS, true);
        var problems = new ArrayList<Problem>();
        for (var route : started.routes().values()) {
            try {
                var secrets = SecretNames.of(configuration.files(), route.file());
                if (route.beginsWith("files")) {
                    files.add(new Files(FileDoor.of(route.id(), route.parameters()), secrets, route));
                } else {
                    routes.add(new Route(Poll.of(route.id(), route.parameters()), secrets, route));
                }
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(route.file(), String.valueOf(e.getMessage())));
            }
        }
        context = started;
        if (!problems.isEmpty()) {
            close();
            throw new BrokenRoutesException(problems);
        }
    }

    private record Route(Poll poll, Set<String> secrets, HubRoute route) implements PollRoute {

        @Override
        public void read(JsonNode from, Page page) {
            route.run(from, page, FailureKind.INTERNAL);
        }
    }

    private record Files(FileDoor door, Set<String> secrets, HubRoute route) implements FileRoute {

        @Override
        public void take(JsonNode about, Handover file) {
            route.run(about, file, FailureKind.INTERNAL);
        }
    }

    @Override
    public List<PollRoute> routes() {
        return routes;
    }

    @Override
    public List<FileRoute> files() {
        return files;
    }

    @Override
    public void close() {
        if (context != null) {
            context.close();
        }
    }
}
