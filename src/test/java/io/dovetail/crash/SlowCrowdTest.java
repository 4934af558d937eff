package io.dovetail.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dovetail.crash.Offer.Kind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands who need no secret: each begins a delivery, says that much will come, and lets it hang. */
class SlowCrowdTest {

    private static final int CROWD = 3_500;
    private static final int CUT_OFF = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    @Test
    void takesNoMoreMemoryThanThereIs() throws Exception {
        try (var trial = Trial.in(directory.resolve("hub"))) {
            trial.hub.option("-XX:+ExitOnOutOfMemoryError").start();
            trial.consumer.start();
            trial.send("C-1", 1, Kind.EXPIRING);
            var crowd = crowd(URI.create(trial.hub.address().url()));
            try {
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> !trial.hub.isAlive() || goOn(crowd) >= CUT_OFF);
            } finally {
                for (var one : crowd) {
                    one.channel.close();
                }
            }
            assertThat(trial.hub.isAlive()).as(trial.hub::output).isTrue();
            trial.send("C-1", 2, Kind.EXPIRING);

            assertThat(trial.settle()).isEmpty();
        }
    }

    private static final class One {

        private final SocketChannel channel;
        private final ByteBuffer rest;
        private boolean cutOff;

        One(SocketChannel channel, byte[] request) {
            this.channel = channel;
            this.rest = ByteBuffer.wrap(request);
        }
    }

    private static List<One> crowd(URI hub) throws IOException {
        var request = """
            POST /in/partner-api HTTP/1.1\r
            Host: x\r
            Content-Type: application/json\r
            Content-Length: 1000000\r
            webhook-id: nobody\r
            webhook-timestamp: %d\r
            webhook-signature: v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\r
            \r
            {""".formatted(Instant.now().getEpochSecond()).getBytes(StandardCharsets.US_ASCII);
        var crowd = new ArrayList<One>();
        for (var n = 0; n < CROWD; n++) {
            var channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress("127.0.0.1", hub.getPort()));
            crowd.add(new One(channel, request));
        }
        return crowd;
    }

    /** Whoever is let in sends its beginning; how many have been cut off so far. */
    private static int goOn(List<One> crowd) {
        var cutOff = 0;
        for (var one : crowd) {
            try {
                if (!one.cutOff && (one.channel.isConnected() || one.channel.finishConnect())) {
                    if (one.rest.hasRemaining()) {
                        one.channel.write(one.rest);
                    } else {
                        one.cutOff = one.channel.read(ByteBuffer.allocate(1_024)) != 0;
                    }
                }
            } catch (IOException e) {
                one.cutOff = true;
            }
            cutOff += one.cutOff ? 1 : 0;
        }
        return cutOff;
    }
}
