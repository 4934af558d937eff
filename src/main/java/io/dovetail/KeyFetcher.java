package io.dovetail;

import io.dovetail.call.HttpNetwork;
import io.dovetail.call.Request;
import io.dovetail.intake.KeySets;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.ssl.SslBundles;

/** Fetches published key sets: from hosts that the hub's settings name, in a few seconds, and never much. */
final class KeyFetcher implements KeySets.Source, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MAX_BYTES = 64 * 1024;

    private final KeySettings settings;
    private volatile HttpNetwork network;

    KeyFetcher(KeySettings settings, SslBundles bundles) {
        this.settings = settings;
        this.network = network(settings.sslBundle(), bundles);
        if (!settings.sslBundle().isEmpty()) {
            // the one before ends by itself when nobody waits for it any more
            bundles.addBundleUpdateHandler(
                    settings.sslBundle(), next -> network = new HttpNetwork(next.createSslContext()));
        }
    }

    private static HttpNetwork network(String bundle, SslBundles bundles) {
        if (bundle.isEmpty()) {
            return new HttpNetwork();
        }
        try {
            return new HttpNetwork(bundles.getBundle(bundle).createSslContext());
        } catch (RuntimeException e) {
            throw new CannotStartException("hub.keys.ssl-bundle names the bundle " + bundle
                    + ", which cannot be used. Look at spring.ssl.bundle.pem." + bundle + ": " + e.getMessage());
        }
    }

    @Override
    public String fetch(URI address) throws IOException, InterruptedException {
        // said at the start and at a reload already, but an address never becomes a request for want of this
        if (!settings.allows(address)) {
            throw new IOException("hub.keys.hosts does not name " + KeySettings.host(address));
        }
        var request = new Request.Outgoing("GET", address, Map.of("Accept", "application/json"), null);
        var answer = network.send(request, PATIENCE);
        if (answer.status() != 200) {
            throw new IOException("the answer is " + answer.status());
        }
        if (answer.cut() || answer.body().length > MAX_BYTES) {
            throw new IOException("there are more than " + MAX_BYTES / 1024 + " KiB");
        }
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        network.close();
    }
}
