package io.dovetail.intake.queue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import org.apache.kafka.clients.ClientRequest;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what brokers send before Kafka's consumer unpacks it. Nothing that the consumer offers comes before that, so
 * the guard stands behind its interface, between it and its network client. A version of Kafka that has no such place
 * is not read at all.
 */
final class FetchGuard implements InvocationHandler {

    private final KafkaClient network;
    private final String clientId;
    private final String topic;

    private FetchGuard(KafkaClient network, String clientId, String topic) {
        this.network = network;
        this.clientId = clientId;
        this.topic = topic;
    }

    /**
     * @param clientId of the consumer
     * @param topic the only one that it reads
     * @throws IllegalStateException where there is no place for a guard
     */
    static void guard(KafkaConsumer<?, ?> consumer, String clientId, String topic) {
        try {
            var owner = value(value(consumer, "delegate"), "client");
            var field = owner.getClass().getDeclaredField("client");
            field.setAccessible(true);
            var guard = new FetchGuard((KafkaClient) field.get(owner), clientId, topic);
            field.set(
                    owner,
                    Proxy.newProxyInstance(
                            FetchGuard.class.getClassLoader(), new Class<?>[] {KafkaClient.class}, guard));
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "this version of Kafka's client would unpack more than memory holds; take the one that the hub was built with",
                    e);
        }
    }

    private static Object value(Object owner, String name) throws ReflectiveOperationException {
        var field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (arguments != null
                && arguments[0] instanceof ClientRequest request
                && request.requestBuilder() instanceof FetchRequest.Builder) {
            arguments[0] = guarded(request);
        }
        try {
            return method.invoke(network, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    /** Its answer is looked at before anybody hears of it; by then it may be unpacked in another thread. */
    private ClientRequest guarded(ClientRequest request) {
        return new ClientRequest(
                request.destination(),
                request.requestBuilder(),
                request.correlationId(),
                clientId,
                request.createdTimeMs(),
                request.expectResponse(),
                request.requestTimeoutMs(),
                response -> {
                    bound(response);
                    request.callback().onComplete(response);
                });
    }

    private void bound(ClientResponse response) {
        if (response.responseBody() instanceof FetchResponse fetched) {
            for (var one : fetched.data().responses()) {
                one.partitions().forEach(this::bound);
            }
        }
    }

    private void bound(FetchResponseData.PartitionData partition) {
        if (partition.records() instanceof MemoryRecords records) {
            partition.setRecords(bounded(records, topic + "-" + partition.partitionIndex()));
        }
    }

    /** The same, but for batches that must not be unpacked. */
    static MemoryRecords bounded(MemoryRecords records, String place) {
        var pieces = new ArrayList<MemoryRecords>();
        var isSame = true;
        for (var batch : records.batches()) {
            var packed = new PackedBatch(place, batch);
            var flaw = packed.flaw();
            pieces.add(flaw == null ? packed.alone() : packed.inItsStead(flaw));
            isSame &= flaw == null;
        }
        if (isSame) {
            return records;
        }
        var all = ByteBuffer.allocate(
                pieces.stream().mapToInt(MemoryRecords::sizeInBytes).sum());
        pieces.forEach(piece -> all.put(piece.buffer()));
        return MemoryRecords.readableRecords(all.flip());
    }
}
