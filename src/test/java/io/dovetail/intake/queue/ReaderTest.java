package io.dovetail.intake.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dovetail.intake.Letter;
import io.dovetail.ledger.Acceptance;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReaderTest {

    /** A queue that cannot be read until it is mended. */
    private static final class Broken implements Source {

        private volatile boolean isMended;
        private volatile boolean saysHowLong;

        @Override
        public List<Letter> take() {
            if (isMended) {
                return List.of();
            }
            throw new StackOverflowError();
        }

        @Override
        public Pauses pauses() {
            saysHowLong = true;
            return Pauses.SHORT;
        }

        @Override
        public void settle(List<Acceptance> outcomes) {
            throw new AssertionError("there was nothing to settle");
        }

        @Override
        public double waiting() {
            return 1;
        }

        @Override
        public void close() {
            // there is nothing to give back
        }
    }

    @Test
    void saysWhatStopsItAndGoesOnAfterAnyError() {
        var source = new Broken();
        // nothing comes that far
        try (var reader = new Reader("jira", "amqp", source, null, new SimpleMeterRegistry())) {
            await().until(() -> String.valueOf(reader.obstacle()).contains("StackOverflowError"));
            source.isMended = true;
            await().until(() -> reader.obstacle() == null);
            assertThat(source.saysHowLong).isTrue();
        }
    }
}
