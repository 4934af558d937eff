package io.dovetail.operate;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often somebody at an address may still be wrong about a name. All names that nobody has count as one, so that what
 * strangers make up takes no room.
 */
final class FailedLogins {

    private static final int MOST = 10_000;
    // whoever has one address of IPv6 has all of its network
    private static final int NETWORK_BYTES = 8;

    private record Door(String network, String name) {}

    private final int perMinute;
    private final TimeMeter time;
    private final Map<Door, Bucket> allowances = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Door, Bucket> eldest) {
            return size() > MOST;
        }
    };

    /** @param perMinute how many at once, and how many more in each minute */
    FailedLogins(int perMinute, TimeMeter time) {
        this.perMinute = perMinute;
        this.time = time;
    }

    /** What is left, a token for each attempt. */
    synchronized Bucket allowance(String address, String name) {
        return allowances.computeIfAbsent(
                new Door(network(address), name),
                door -> Bucket.builder()
                        .withCustomTimePrecision(time)
                        .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
                        .build());
    }

    private static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            // an address in digits: nobody is asked for it
            var bytes = InetAddress.getByName(address.replaceFirst("%.*", "")).getAddress();
            return HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, NETWORK_BYTES));
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
