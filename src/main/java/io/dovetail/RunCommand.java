package io.dovetail;

import java.util.HashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the hub until it is told to stop. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Run the hub, with a PostgreSQL and a broker of its own under the data directory.",
        footer = {"", "Example: hub run --port 8080 --data data"})
final class RunCommand implements Callable<Integer> {

    @Option(names = "--port", paramLabel = "PORT", description = "Port for webhooks and the API; 0: a free one.")
    private @Nullable Integer port;

    @Option(names = "--data", paramLabel = "DIR", description = "Everything that must survive.")
    private @Nullable String data;

    @Override
    public Integer call() throws InterruptedException {
        var settings = new HashMap<String, Object>();
        if (port != null) {
            settings.put("server.port", port);
        }
        if (data != null) {
            settings.put("hub.data", data);
        }
        var application = new SpringApplication(HubApplication.class);
        application.addInitializers(context -> context.getEnvironment()
                .getPropertySources()
                .addFirst(new org.springframework.core.env.MapPropertySource("command line", settings)));
        try {
            application.run();
        } catch (RuntimeException e) {
            System.err.println("The hub does not start: " + WhyNot.of(e));
            return 1;
        }
        // Spring's shutdown hook ends it
        Thread.currentThread().join();
        return 0;
    }
}
