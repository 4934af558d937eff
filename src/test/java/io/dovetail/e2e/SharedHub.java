package io.dovetail.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

/**
 * One hub and one subscriber for all test classes that ask for them by a parameter. They run side by side: tests tell
 * their own deliveries by ids that nobody else has.
 */
final class SharedHub implements ParameterResolver {

    /** The connector of which a second operator approves every edit. */
    static final String APPROVED = "partner-api";

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        var type = parameter.getParameter().getType();
        return type == Hub.class || type == Subscriber.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var running = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedHub.class))
                .getOrComputeIfAbsent(Running.class, key -> Running.start(), Running.class);
        return parameter.getParameter().getType() == Hub.class ? running.hub : running.subscriber;
    }

    private record Running(Path data, Hub hub, Subscriber subscriber)
            implements ExtensionContext.Store.CloseableResource {

        static Running start() {
            try {
                var data = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "hub-");
                var all = Path.of("").toAbsolutePath().toString();
                var hub = Hub.start(data, Map.of("hub.root", all, "hub.repair.approve", APPROVED));
                return new Running(data, hub, Subscriber.of(hub, "workflow"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            subscriber.close();
            hub.close();
            FileSystemUtils.deleteRecursively(data);
        }
    }
}
