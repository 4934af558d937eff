package io.dovetail.camel;

import io.dovetail.call.SecretReference;
import io.dovetail.connector.Problems.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.LoggingLevel;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.SimpleUuidGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A running Camel context with the routes of one folder and all Kamelets, read from memory: nothing is looked for on
 * the class path, on disk or on a network. It has no error handler: every failure comes back to whoever sent the event.
 */
public final class RouteContext implements AutoCloseable {

    private final DefaultCamelContext context = new DefaultCamelContext(false);
    private final JsltLanguage jslt = new JsltLanguage();
    private final TreeMap<String, HubRoute> routes = new TreeMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private RouteContext(String name, Map<String, Verb> verbs, boolean mayAsk) {
        context.getCamelContextExtension().setName(name);
        context.getCamelContextExtension().setErrorHandlerFactory(new NoErrorHandlerDefinition());
        context.setUuidGenerator(new SimpleUuidGenerator());
        context.setStartupSummaryLevel(StartupSummaryLevel.Off);
        context.setStreamCaching(false);
        context.setMessageHistory(false);
        context.setTracing(false);
        context.setUseMDCLogging(false);
        context.setUseBreadcrumb(false);
        context.setAllowUseOriginalMessage(false);
        context.setLoadHealthChecks(false);
        context.setLoadTypeConverters(false);
        context.setDevConsole(false);
        context.disableJMX();
        // the ledger knows what was in flight; a context being replaced has nothing worth waiting for
        context.getShutdownStrategy().setTimeout(1);
        context.getShutdownStrategy().setShutdownNowOnTimeout(true);
        context.getShutdownStrategy().setSuppressLoggingOnTimeout(true);
        context.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        context.getShutdownStrategy().setLoggingLevel(LoggingLevel.DEBUG);
        context.getRegistry().bind("jslt", jslt);
        context.addComponent("hub", new HubComponent(verbs));
        context.addComponent("kamelet", kamelets());
        context.addComponent("http", new AskComponent(mayAsk));
        context.addComponent("https", new AskComponent(mayAsk));
        context.addComponent(SalesforceOptions.SCHEME, new AskComponent(mayAsk));
        nameSecrets();
    }

    /**
     * Loads every {@code .kamelet.yaml} of {@code connectors/} and every {@code .camel.yaml} directly in {@code folder}
     * and starts them.
     *
     * @param name what the context is called in logs
     * @param files path to content
     * @param folder such as {@code routes/triggers/}
     * @param verbs what {@code hub:<name>} means to these routes
     * @param mayAsk whether they may ask other systems; they are then run with {@link Asks}
     * @throws BrokenRoutesException naming everything that cannot be loaded
     */
    public static RouteContext start(
            String name, Map<String, byte[]> files, String folder, Map<String, Verb> verbs, boolean mayAsk) {
        var started = new RouteContext(name, verbs, mayAsk);
        try {
            started.load(new TreeMap<>(files), folder);
            if (started.problems.isEmpty()) {
                return started;
            }
        } catch (Exception e) {
            started.problems.add(new Problem(folder, "Camel does not start: " + e));
        }
        started.close();
        throw new BrokenRoutesException(started.problems);
    }

    /** {@code {{crm.password}}} stands for a secret, and nothing else stands for anything from outside. */
    private void nameSecrets() {
        if (context.getPropertiesComponent() instanceof PropertiesComponent properties) {
            properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
            properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
            properties.setAutoDiscoverPropertiesSources(false);
        }
        context.getPropertiesComponent().addPropertiesSource(new PropertiesSource() {
            @Override
            public String getName() {
                return "secrets";
            }

            @Override
            public @Nullable String getProperty(String name) {
                return SecretReference.NAME.matcher(name).matches() ? SecretReference.to(name) : null;
            }
        });
    }

    /** The routes by id, in the order of their ids. */
    public Map<String, HubRoute> routes() {
        return routes;
    }

    @Override
    public void close() {
        context.stop();
    }

    private void load(TreeMap<String, byte[]> files, String folder) throws Exception {
        // started while still empty, so that one broken file does not keep the others from being tried
        context.start();
        files.forEach((path, content) -> {
            if (path.startsWith("connectors/") && path.endsWith(".kamelet.yaml")) {
                loadFile(path, content);
            }
        });
        files.forEach((path, content) -> {
            var id = RouteFiles.routeId(path);
            if (id != null && path.lastIndexOf('/') == folder.length() - 1 && path.startsWith(folder)) {
                if (loadFile(path, content)) {
                    register(id, path, content);
                }
            }
        });
    }

    private boolean loadFile(String path, byte[] content) {
        jslt.reading(JsltPlaces.of(path, content));
        try {
            // Camel takes all behind the first dot of a name for what sort of file it is
            var stem = RouteFiles.routeId(path);
            var location = stem == null ? path : path.replace(stem, stem.replace('.', '-'));
            var resource = ResourceHelper.fromBytes(location, content);
            for (var builder : PluginHelper.getRoutesLoader(context).findRoutesBuilders(resource)) {
                if (builder instanceof RouteBuilder routes) {
                    routes.addLifecycleInterceptor(new OwnSource());
                }
                context.addRoutes(builder);
            }
            return true;
        } catch (Exception | LinkageError e) {
            problems.add(LoadFailure.problem(path, e));
            return false;
        }
    }

    private void register(String id, String path, byte[] content) {
        var route = context.getRoute(id);
        if (route == null) {
            problems.add(new Problem(path, "has no route with the id \"" + id + "\"; a route is called as its file"));
        } else {
            routes.put(id, new HubRoute(id, path, content, route));
        }
    }

    private static KameletComponent kamelets() {
        var kamelets = new KameletComponent();
        kamelets.setNoErrorHandler(true);
        kamelets.setBlock(false);
        // a Kamelet that was not loaded above does not exist; without a place to look, Camel does not look
        kamelets.setLocation(null);
        return kamelets;
    }
}
