package io.dovetail.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.codec.JsonCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BodyReaderTest {

    private final ByteBudget memory = new ByteBudget(50_000);

    private final AtomicLong taken = new AtomicLong();
    private final InHand.Place place = new InHand.Place() {
        @Override
        public void take(long bytes) {
            taken.addAndGet(bytes);
        }

        @Override
        public void close() {}
    };

    private byte[] read(int size, int maxBytes) throws RefusedException, IOException {
        try (var reader = new BodyReader(memory, place)) {
            return reader.read(new ByteArrayInputStream(new byte[size]), maxBytes, size);
        }
    }

    @Test
    void readsAllUpToOneByteTooMany() throws Exception {
        for (var size : new int[] {0, 1, 16_384, 16_385, 40_000}) {
            assertThat(read(size, 40_000)).hasSize(size);
        }
        assertThat(taken).hasValue(72_770);
        assertThat(read(45_000, 40_000)).hasSize(40_001);
    }

    @Test
    void takesMemoryWhileItReadsAndGivesItBack() throws Exception {
        try (var reader = new BodyReader(memory, place)) {
            reader.read(new ByteArrayInputStream(new byte[30_000]), 40_000, -1);
            assertThatThrownBy(() -> read(30_000, 40_000)).isInstanceOf(RefusedException.class);
            assertThat(read(20_000, 40_000)).hasSize(20_000);
        }
        assertThat(read(50_000, 60_000)).hasSize(50_000);
        assertThatThrownBy(() -> read(50_001, 60_000)).isInstanceOf(RefusedException.class);
        assertThat(read(50_000, 60_000)).hasSize(50_000);
    }

    @Test
    void takesMemoryForWhatABodyWeighs() throws Exception {
        try (var reader = new BodyReader(memory, place)) {
            reader.read(new ByteArrayInputStream(new byte[10_000]), 40_000, -1);
            reader.weigh(9_000);
            assertThat(read(40_000, 40_000)).hasSize(40_000);
            reader.weigh(45_000);
            assertThat(read(5_000, 40_000)).hasSize(5_000);
            assertThatThrownBy(() -> read(5_001, 40_000)).isInstanceOf(RefusedException.class);
            assertThatThrownBy(() -> reader.weigh(60_000)).isInstanceOf(RefusedException.class);
        }
        assertThat(read(50_000, 60_000)).hasSize(50_000);
    }

    @Test
    void weighsAsMuchAsTheLargestBodyAtMost() {
        var json = new JsonCodec();
        var text = "[\"one text, and another one that is of some length as well\"]".getBytes(StandardCharsets.UTF_8);
        assertThat(ByteBudget.weight(json, text)).isEqualTo(text.length);
        var lists = "[],".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        assertThat(ByteBudget.weight(json, lists)).isGreaterThan(8L * lists.length);
        assertThat(ByteBudget.weight(json, "[".repeat(5_000_000).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(IntakeSettings.LEAST.toBytes());
        assertThat(ByteBudget.weight(json, new byte[17 << 20])).isEqualTo(17 << 20);
    }
}
