package io.dovetail.relay.artemis;

import io.dovetail.harness.Passwords;
import io.dovetail.relay.Addresses;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;

/** A JVM that publishes batches of ten events and says after each how many the bus has confirmed, until it is killed. */
final class BrokerChild {

    private BrokerChild() {}

    public static void main(String[] args) {
        var broker = Broker.start(
                Path.of(args[0]),
                BrokerSettings.of("127.0.0.1", 0, new Passwords(Map.of("workflow", "secret-workflow"))));
        var bus = broker.bus();
        for (var confirmed = 0; ; confirmed += 10) {
            System.out.println(confirmed);
            bus.publish(IntStream.range(confirmed, confirmed + 10)
                    .mapToObj(n -> BrokerTest.message(Addresses.EVENTS, "" + n))
                    .toList());
        }
    }
}
