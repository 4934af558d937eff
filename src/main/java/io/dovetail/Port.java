package io.dovetail;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.core.env.Environment;

/**
 * A port of the hub at which people and programs show their passwords.
 *
 * @param name as people call it
 * @param address where it listens; null: everywhere
 * @param speaksTls whether nobody reads along
 * @param setting of the address
 * @param ofTls what to set for TLS
 */
record Port(String name, @Nullable InetAddress address, boolean speaksTls, String setting, String ofTls) {

    /** Nothing where management has no port, or is at the same one as webhooks and the API. */
    static Optional<Port> ofManagement(ManagementServerProperties server, PortTls tls, Environment environment) {
        return ManagementPortType.get(environment) == ManagementPortType.DIFFERENT
                ? Optional.of(new Port(
                        "management",
                        server.getAddress(),
                        tls.isOn(),
                        "HUB_MANAGEMENT_ADDRESS",
                        "management.server.ssl.enabled=true and management.server.ssl.bundle"))
                : Optional.empty();
    }

    static Port ofAmqp(HubSettings settings) {
        return new Port(
                "AMQP",
                address(settings.amqpAddress()),
                !settings.amqpSslBundle().isEmpty(),
                "HUB_AMQP_ADDRESS",
                "hub.amqp-ssl-bundle");
    }

    private static @Nullable InetAddress address(String name) {
        try {
            return InetAddress.getByName(name);
        } catch (UnknownHostException e) {
            return null; // whoever is to listen there says so
        }
    }

    /** A sentence when passwords cross a network in the clear. */
    Optional<String> inTheClear() {
        return speaksTls || (address != null && address.isLoopbackAddress())
                ? Optional.empty()
                : Optional.of("Its port for " + name + " would take passwords in the clear from other machines. Let it"
                        + " listen on 127.0.0.1 (" + setting + "), or speak TLS with " + ofTls
                        + "; or let TLS end before"
                        + " it, and say so with HUB_TLS_ENDS_BEFORE=true (hub.tls-ends-before).");
    }
}
