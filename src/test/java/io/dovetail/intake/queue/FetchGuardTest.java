package io.dovetail.intake.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.harness.RawBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.BufferSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches as a broker sends them, before Kafka's client unpacks them. */
class FetchGuardTest {

    private static final int GIGABYTE = 1 << 30;

    private static MemoryRecords together(MemoryRecords... some) {
        var all = ByteBuffer.allocate(8 << 20);
        for (var one : some) {
            all.put(one.buffer());
        }
        return MemoryRecords.readableRecords(all.flip());
    }

    /** What the client would make of it, as {@code offset value}. */
    private static List<String> read(MemoryRecords records) {
        var read = new ArrayList<String>();
        for (var batch : records.batches()) {
            batch.ensureValid();
            try (var iterator = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
                iterator.forEachRemaining(
                        record -> read.add(record.offset() + " " + StandardCharsets.UTF_8.decode(record.value())));
            }
        }
        return read;
    }

    private static Compression compression(CompressionType type) {
        return Compression.of(type).build();
    }

    @ParameterizedTest
    @EnumSource
    void leavesAloneWhatFitsIntoMemory(CompressionType type) {
        var records = new RawBatch(compression(type))
                .with("a")
                .with("b", 4 << 20)
                .with("c")
                .at(5);
        assertThat(FetchGuard.bounded(records, "t-0")).isSameAs(records);
        var empty = MemoryRecords.EMPTY;
        assertThat(FetchGuard.bounded(empty, "t-0")).isSameAs(empty);
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void putsASentenceInTheSteadOfABatchWithALargerRecord(CompressionType type) {
        var before = new RawBatch(compression(type)).with("before").at(4);
        var large =
                new RawBatch(compression(type)).with("a").with("b", 18 << 20).at(5);
        var behind = new RawBatch(compression(type)).with("behind").at(7);
        assertThat(read(FetchGuard.bounded(together(before, large, behind), "t-0")))
                .containsExactly(
                        "4 before",
                        "6 The records t-0-5 to t-0-6 have come in one batch, and a record of it says that it has"
                                + " 18,874,377 bytes. None of them was read; they stay in Kafka.",
                        "7 behind");
    }

    /** A hundred kilobytes of them. */
    @Test
    void doesNotUnpackAGigabyte() {
        var large = new RawBatch(Compression.zstd().build()).with("", GIGABYTE).at(0);
        assertThat(large.sizeInBytes()).isLessThan(200_000);
        assertThat(read(FetchGuard.bounded(large, "t-0")))
                .singleElement()
                .asString()
                .contains("t-0-0 to t-0-0");
    }

    @Test
    void doesNotUnpackManyThatAreTooMuchTogether() {
        var batch = new RawBatch(Compression.zstd().build());
        for (var n = 0; n < 20; n++) {
            batch.with("", 16 << 20);
        }
        assertThat(read(FetchGuard.bounded(batch.at(0), "t-0")))
                .singleElement()
                .asString()
                .startsWith("19 ")
                .contains("unpacks to more than 268,435,456 bytes");
    }

    @Test
    void makesNoRoomForABlockThatOnlySaysThatItIsLarge() {
        var snappy = Compression.snappy().build();
        var framed = new RawBatch(snappy).with("a").at(0).buffer();
        // behind the header of snappy-java and the size of the block: how large it says that it is
        var block = DefaultRecordBatch.RECORD_BATCH_OVERHEAD + 16 + 4;
        var lies = new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7};
        assertThat(read(FetchGuard.bounded(RawBatch.sealed(framed.put(block, lies), snappy, 0, 1), "t-0")))
                .singleElement()
                .asString()
                .contains("a block of it says that it is larger than");
        // other producers send one block and nothing around it
        var plain = ByteBuffer.allocate(DefaultRecordBatch.RECORD_BATCH_OVERHEAD + 40)
                .put(DefaultRecordBatch.RECORD_BATCH_OVERHEAD, lies);
        assertThat(read(FetchGuard.bounded(RawBatch.sealed(plain, snappy, 0, 1), "t-0")))
                .singleElement()
                .asString()
                .contains("a block of it says that it is larger than");
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void saysSoWhereABatchCannotBeUnpacked(CompressionType type) {
        assertThat(read(FetchGuard.bounded(
                        new RawBatch(compression(type)).with("a").at(0, 3), "t-0")))
                .singleElement()
                .asString()
                .startsWith("2 ")
                .contains("it cannot be unpacked");
        var garbage = ByteBuffer.allocate(DefaultRecordBatch.RECORD_BATCH_OVERHEAD + 40);
        assertThat(read(FetchGuard.bounded(RawBatch.sealed(garbage, compression(type), 0, 1), "t-0")))
                .singleElement()
                .asString()
                .contains("it cannot be unpacked");
    }

    /** It may have been spoilt on its way, and come whole the next time. */
    @Test
    void leavesABatchWithAWrongCheckSumToTheClient() {
        var records =
                new RawBatch(Compression.gzip().build()).with("b", 18 << 20).at(0);
        var last = records.buffer().limit() - 1;
        var bytes = records.buffer().put(last, (byte) ~records.buffer().get(last));
        var spoilt = MemoryRecords.readableRecords(bytes);
        assertThat(FetchGuard.bounded(spoilt, "t-0")).isSameAs(spoilt);
    }

    @Test
    void staysInTheTransactionOfWhatItStandsFor() {
        var records = MemoryRecords.withRecords(
                RecordBatch.CURRENT_MAGIC_VALUE,
                0,
                Compression.gzip().build(),
                TimestampType.CREATE_TIME,
                4711,
                (short) 3,
                8,
                2,
                true,
                new SimpleRecord(1, new byte[18 << 20]));
        var bounded = FetchGuard.bounded(records, "t-0").batches().iterator().next();
        assertThat(bounded.isTransactional()).isTrue();
        assertThat(bounded.producerId()).isEqualTo(4711);
        assertThat(bounded.producerEpoch()).isEqualTo((short) 3);
        assertThat(bounded.baseSequence()).isEqualTo(8);
        assertThat(bounded.partitionLeaderEpoch()).isEqualTo(2);
    }
}
