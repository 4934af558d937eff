package io.dovetail.intake.queue;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * A compressed batch as it came, of which Kafka's client gives each record as much memory as the record says it needs: a
 * kilobyte may say that it is a gigabyte. So what a batch says is read here first, and nothing of it is kept.
 *
 * @param place of its topic and partition, as {@code topic-0}
 */
record PackedBatch(String place, RecordBatch batch) {

    /** The largest body of all connectors, with headers and a key beside it. */
    static final int MAX_RECORD_BYTES = 17 << 20;

    /** Far more than a megabyte of anything sensible, and done in a moment. */
    static final long MAX_BATCH_BYTES = 256L << 20;

    private static final int SNAPPY_FRAMED = 0x82534e41; // how the header of snappy-java's own form begins
    private static final int SNAPPY_HEADER_BYTES = 16;

    /** Why it must not be unpacked; null where it may. */
    @Nullable
    String flaw() {
        // one whose bytes are not what was sent is the client's to refuse: it may come whole the next time
        if (!batch.isCompressed() || !batch.isValid()) {
            return null;
        }
        if (!(batch instanceof DefaultRecordBatch packed)) {
            return "it is in a form from before Kafka 0.11";
        }
        try {
            return packed.compressionType() == CompressionType.SNAPPY && hasLargeBlock()
                    ? "a block of it says that it is larger than " + bytes(MAX_RECORD_BYTES)
                    : flaw(packed);
        } catch (IOException | KafkaException | BufferUnderflowException | IllegalArgumentException e) {
            return "it cannot be unpacked";
        }
    }

    private static @Nullable String flaw(DefaultRecordBatch packed) throws IOException {
        var left = MAX_BATCH_BYTES;
        try (var records = packed.recordInputStream(BufferSupplier.NO_CACHING)) {
            for (var n = packed.countOrNull(); n > 0; n--) {
                var size = ByteUtils.readVarint(records);
                if (size < 0) {
                    return "it cannot be unpacked";
                }
                if (size > MAX_RECORD_BYTES) {
                    return "a record of it says that it has " + bytes(size);
                }
                left -= size;
                if (left < 0) {
                    return "it unpacks to more than " + bytes(MAX_BATCH_BYTES);
                }
                skip(records, size);
            }
        }
        return null;
    }

    /** Streams of Kafka may skip less than they could, which says nothing. */
    private static void skip(InputStream stream, int bytes) throws IOException {
        var piece = new byte[Math.min(bytes, 8 << 10)];
        for (var left = bytes; left > 0; ) {
            var read = stream.read(piece, 0, Math.min(left, piece.length));
            if (read < 0) {
                throw new EOFException();
            }
            left -= read;
        }
    }

    /** Snappy makes room for a whole block before it looks at any of it. */
    private boolean hasLargeBlock() {
        var blocks = alone().buffer().position(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        if (blocks.remaining() < SNAPPY_HEADER_BYTES || blocks.getInt(blocks.position()) != SNAPPY_FRAMED) {
            return isLarge(blocks);
        }
        while (blocks.hasRemaining()) {
            var size = blocks.getInt();
            if (size == SNAPPY_FRAMED) {
                blocks.position(blocks.position() - Integer.BYTES + SNAPPY_HEADER_BYTES);
            } else if (size < 0 || size > blocks.remaining()) {
                throw new BufferUnderflowException();
            } else if (isLarge(blocks.slice(blocks.position(), size))) {
                return true;
            } else {
                blocks.position(blocks.position() + size);
            }
        }
        return false;
    }

    private static boolean isLarge(ByteBuffer block) {
        var unpacked = ByteUtils.readUnsignedVarint(block);
        return unpacked < 0 || unpacked > MAX_RECORD_BYTES;
    }

    MemoryRecords alone() {
        var bytes = ByteBuffer.allocate(batch.sizeInBytes());
        batch.writeTo(bytes);
        return MemoryRecords.readableRecords(bytes.flip());
    }

    /**
     * One record in its stead that tells where it is, to be parked like everything that is no delivery. It belongs to
     * the same transaction, and stands at the end, so that what is read next is what comes behind.
     */
    MemoryRecords inItsStead(String flaw) {
        var text =
                "The records %s-%d to %s-%d have come in one batch, and %s. None of them was read; they stay in Kafka."
                        .formatted(place, batch.baseOffset(), place, batch.lastOffset(), flaw);
        return MemoryRecords.withRecords(
                RecordBatch.CURRENT_MAGIC_VALUE,
                batch.lastOffset(),
                Compression.NONE,
                batch.timestampType(),
                batch.producerId(),
                batch.producerEpoch(),
                batch.lastSequence(),
                batch.partitionLeaderEpoch(),
                batch.isTransactional(),
                new SimpleRecord(batch.maxTimestamp(), text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String bytes(long count) {
        return String.format(Locale.ROOT, "%,d bytes", count);
    }
}
