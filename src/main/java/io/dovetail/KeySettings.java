package io.dovetail;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the hub may fetch keys of tokens.
 *
 * @param hosts each a host, or a host with a port where that is not 443
 * @param sslBundle says whom to trust there; empty: as Java has it
 */
@ConfigurationProperties("hub.keys")
record KeySettings(
        @DefaultValue List<String> hosts, @DefaultValue("") String sslBundle) {

    private static final int HTTPS = 443;

    /** As {@link #hosts} has it. */
    static String host(URI address) {
        var host = address.getHost().toLowerCase(Locale.ROOT);
        return address.getPort() == -1 || address.getPort() == HTTPS ? host : host + ":" + address.getPort();
    }

    boolean allows(URI address) {
        return "https".equals(address.getScheme())
                && hosts.stream().anyMatch(host -> host.equalsIgnoreCase(host(address)));
    }
}
