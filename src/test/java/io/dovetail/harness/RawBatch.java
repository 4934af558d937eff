package io.dovetail.harness;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.apache.kafka.common.utils.ByteUtils;

/** A compressed batch of records as no producer of Kafka would make it, and how it comes to a topic all the same. */
public final class RawBatch {

    private final Compression compression;
    private final ByteBufferOutputStream bytes = new ByteBufferOutputStream(1 << 20);
    private final DataOutputStream records;
    private long time = System.currentTimeMillis();
    private int count;

    public RawBatch(Compression compression) {
        this.compression = compression;
        bytes.position(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        records = new DataOutputStream(compression.wrapForOutput(bytes, RecordBatch.CURRENT_MAGIC_VALUE));
    }

    /** One more record, whose value goes on with blanks until it has so many bytes. */
    public RawBatch with(String value, int size) {
        try {
            var text = value.getBytes(StandardCharsets.UTF_8);
            var around = 1 + 1 + ByteUtils.sizeOfVarint(count) + 1 + ByteUtils.sizeOfVarint(size) + 1;
            ByteUtils.writeVarint(around + size, records);
            records.write(0); // attributes
            ByteUtils.writeVarint(0, records); // later than the first
            ByteUtils.writeVarint(count++, records); // behind the first
            ByteUtils.writeVarint(-1, records); // no key
            ByteUtils.writeVarint(size, records);
            records.write(text);
            var blanks = " ".repeat(8 << 10).getBytes(StandardCharsets.UTF_8);
            for (var left = size - text.length; left > 0; left -= blanks.length) {
                records.write(blanks, 0, Math.min(left, blanks.length));
            }
            ByteUtils.writeVarint(0, records); // headers
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RawBatch with(String value) {
        return with(value, value.getBytes(StandardCharsets.UTF_8).length);
    }

    /** Says that its records are of this time, in milliseconds since 1970. */
    public RawBatch stamped(long time) {
        this.time = time;
        return this;
    }

    /** With the check sum that it must have. */
    public MemoryRecords at(long offset) {
        return at(offset, count);
    }

    /** @param said how many records it says it has */
    public MemoryRecords at(long offset, int said) {
        try {
            records.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sealed(bytes.buffer().flip(), compression, offset, said, time);
    }

    /** @param batch with room for what stands before its records */
    public static MemoryRecords sealed(ByteBuffer batch, Compression compression, long offset, int count) {
        return sealed(batch, compression, offset, count, System.currentTimeMillis());
    }

    private static MemoryRecords sealed(ByteBuffer batch, Compression compression, long offset, int count, long time) {
        DefaultRecordBatch.writeHeader(
                batch,
                offset,
                count - 1,
                batch.limit(),
                RecordBatch.CURRENT_MAGIC_VALUE,
                compression.type(),
                TimestampType.CREATE_TIME,
                time,
                time,
                RecordBatch.NO_PRODUCER_ID,
                RecordBatch.NO_PRODUCER_EPOCH,
                RecordBatch.NO_SEQUENCE,
                false,
                false,
                false,
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                count);
        return MemoryRecords.readableRecords(batch.position(0));
    }

    /** Puts it there as it is; returns when the broker has answered. */
    public static void send(int port, String topic, int partition, MemoryRecords batch) {
        var version = (short) 9; // the last but some that names topics
        var topics = new ProduceRequestData.TopicProduceDataCollection();
        topics.add(new ProduceRequestData.TopicProduceData()
                .setName(topic)
                .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                        .setIndex(partition)
                        .setRecords(batch))));
        var request = new ProduceRequestData()
                .setAcks((short) -1)
                .setTimeoutMs(10_000)
                .setTopicData(topics);
        var header = new RequestHeader(ApiKeys.PRODUCE, version, "raw", 1);
        var all = RequestUtils.serialize(header.data(), header.headerVersion(), request, version);
        try (var socket = new Socket("127.0.0.1", port)) {
            var out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(all.remaining());
            out.write(all.array(), all.arrayOffset() + all.position(), all.remaining());
            out.flush();
            new DataInputStream(socket.getInputStream()).readInt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
