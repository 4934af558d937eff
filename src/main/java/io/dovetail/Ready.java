package io.dovetail;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/** Tells people by one line, and programs by {@code DATA/run.json}, that the hub is ready and where. */
final class Ready {

    private final Foundation foundation;
    private final HubSettings settings;
    private final Environment environment;

    Ready(Foundation foundation, HubSettings settings, Environment environment) {
        this.foundation = foundation;
        this.settings = settings;
        this.environment = environment;
    }

    @EventListener(ApplicationReadyEvent.class)
    void tell() {
        var port = environment.getRequiredProperty("local.server.port", Integer.class);
        var management = environment.getProperty("local.management.port", Integer.class, port);
        var run = new LinkedHashMap<String, Object>();
        run.put("pid", ProcessHandle.current().pid());
        run.put("url", "http://127.0.0.1:" + port);
        run.put("port", port);
        run.put("managementPort", management);
        run.put("amqpPort", foundation.broker().port());
        run.put("secrets", settings.secretsPath().toAbsolutePath().normalize().toString());
        try {
            var file = settings.dataPath().resolve("run.json");
            var half = settings.dataPath().resolve("run.json.new");
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(half.toFile(), run);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.out.printf(
                "Dovetail is ready: webhooks and API on port %d, AMQP on %d, management on %d, data in %s%n",
                port,
                foundation.broker().port(),
                management,
                settings.dataPath().toAbsolutePath().normalize());
    }
}
