package io.dovetail;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.flow.Live;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/**
 * Tells people by one line, and programs by {@code DATA/run.json}, that the hub is ready and where; after its doors have
 * proved shut.
 */
final class Ready {

    private final Foundation foundation;
    private final HubSettings settings;
    private final Environment environment;
    private final Live live;
    private final PortTls front;
    private final PortTls management;
    private final PortTls amqp;

    Ready(
            Foundation foundation,
            HubSettings settings,
            Environment environment,
            Live live,
            PortTls front,
            PortTls management,
            PortTls amqp) {
        this.foundation = foundation;
        this.settings = settings;
        this.environment = environment;
        this.live = live;
        this.front = front;
        this.management = management;
        this.amqp = amqp;
    }

    @EventListener(ApplicationReadyEvent.class)
    void tell() {
        var port = environment.getRequiredProperty("local.server.port", Integer.class);
        var managementPort = environment.getProperty("local.management.port", Integer.class, port);
        var isOnePort = managementPort.equals(port);
        new SelfTest(
                        live.configuration(),
                        base(front.scheme(), "server.address", port),
                        isOnePort
                                ? base(front.scheme(), "server.address", port)
                                : base(management.scheme(), "management.server.address", managementPort),
                        OwnCertificates.of(front, management),
                        amqpPort(),
                        Duration.ofSeconds(5))
                .run();
        var run = new LinkedHashMap<String, Object>();
        run.put("pid", ProcessHandle.current().pid());
        run.put("url", front.scheme() + "://127.0.0.1:" + port);
        run.put("port", port);
        run.put("managementPort", managementPort);
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
                managementPort,
                settings.dataPath().toAbsolutePath().normalize());
    }

    private AmqpPort amqpPort() {
        return new AmqpPort(
                base(
                        amqp.isOn() ? "amqps" : "amqp",
                        "hub.amqp-address",
                        foundation.broker().port()),
                OwnCertificates.of(amqp),
                amqp.asksForCertificates(),
                AmqpPort.users(settings.consumers(), foundation.amqpDoors()),
                Duration.ofSeconds(20));
    }

    /** Where this process reaches a port of its own that listens on the address of a setting. */
    private URI base(String scheme, String setting, int port) {
        try {
            var given = environment.getProperty(setting, "");
            var address = InetAddress.getByName(given.isEmpty() ? "127.0.0.1" : given);
            var reachable = address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
            return URI.create(scheme + "://" + uriHost(reachable) + ":" + port);
        } catch (UnknownHostException e) {
            throw new CannotStartException("The setting " + setting + " names no address: " + e.getMessage());
        }
    }

    private static String uriHost(InetAddress address) {
        var host = address.getHostAddress();
        return host.contains(":") ? "[" + host.replace("%", "%25") + "]" : host;
    }
}
