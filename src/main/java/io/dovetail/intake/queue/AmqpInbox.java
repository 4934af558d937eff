package io.dovetail.intake.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.filter.Filter;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.Consumer;
import org.apache.activemq.artemis.core.server.HandleStatus;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.core.transaction.impl.TransactionImpl;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages of one queue inside the broker, as they were sent: a client would get them turned into another form, by
 * what their senders say of them. Holds them until they are settled, and lets go all at once.
 */
final class AmqpInbox implements Consumer {

    private static final int MAX_MESSAGES = 256;
    private static final long MAX_BYTES = 2 << 20;

    private final ActiveMQServer server;
    private final Queue queue;
    private final long id;
    private final String journal;
    // grows by the broker's threads, and shrinks by the reader's
    private final List<Held> held = new ArrayList<>();
    private long bytes;
    private boolean closed;

    /** A message as it was when it was taken: behind a reference it may be read from disk again, or be gone. */
    record Held(MessageReference reference, Message message, int size) {}

    AmqpInbox(ActiveMQServer server, Queue queue) throws Exception {
        this.server = server;
        this.queue = queue;
        this.id = server.getStorageManager().generateID();
        this.journal = Objects.requireNonNull(server.getNodeID()) + "/" + queue.getName();
        // what this thread had to do with a broker before would wait for that one
        server.getStorageManager().setContext(server.newOperationContext());
        queue.addConsumer(this);
        queue.deliverAsync();
    }

    /** By which the broker's files differ from all others. */
    String journal() {
        return journal;
    }

    /** Whether it still has to do with what is there now. */
    boolean isOf(ActiveMQServer now, @Nullable Queue there) {
        return server == now && queue == there && !isClosed();
    }

    boolean isIn(ActiveMQServer now) {
        return server == now;
    }

    /** All that is held, as soon as there is some, in the order of the queue. */
    synchronized List<Held> held(long waitMillis) throws InterruptedException {
        if (held.isEmpty()) {
            wait(waitMillis);
        }
        return List.copyOf(held);
    }

    /** Acknowledges the first ones, in one transaction. */
    void settle(int count) throws Exception {
        if (count == 0) {
            return;
        }
        var transaction = new TransactionImpl(server.getStorageManager());
        var acknowledged = 0;
        try {
            for (; acknowledged < count; acknowledged++) {
                queue.acknowledge(transaction, get(acknowledged).reference);
            }
            transaction.commit();
        } catch (Exception e) {
            close(transaction, acknowledged);
            throw e;
        }
        letGo(count);
        queue.deliverAsync();
    }

    private synchronized Held get(int i) {
        return held.get(i);
    }

    private synchronized void letGo(int count) {
        for (var one : held.subList(0, count)) {
            bytes -= one.size;
        }
        held.subList(0, count).clear();
    }

    /** Gives back to the queue whatever is held, in its place. */
    void close() throws Exception {
        close(new TransactionImpl(server.getStorageManager()), 0);
    }

    /** @param acknowledged so many are in the transaction already, and go back with it */
    private void close(Transaction transaction, int acknowledged) throws Exception {
        List<Held> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(held.subList(acknowledged, held.size()));
            held.clear();
            bytes = 0;
        }
        queue.removeConsumer(this);
        for (var one : left) {
            queue.cancel(transaction, one.reference, true);
        }
        transaction.rollback();
    }

    @Override
    public synchronized HandleStatus handle(MessageReference reference) {
        if (closed || held.size() >= MAX_MESSAGES || bytes >= MAX_BYTES) {
            return HandleStatus.BUSY;
        }
        reference.handled();
        var message = reference.getMessage();
        var taken = new Held(reference, message, message.getEncodeSize());
        held.add(taken);
        bytes += taken.size;
        notifyAll();
        return HandleStatus.HANDLED;
    }

    @Override
    public void proceedDeliver(MessageReference reference) {
        // it has been taken already
    }

    @Override
    public synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public @Nullable Filter getFilter() {
        return null;
    }

    @Override
    public synchronized List<MessageReference> getDeliveringMessages() {
        return held.stream().map(Held::reference).toList();
    }

    @Override
    public boolean supportsDirectDelivery() {
        return false;
    }

    @Override
    public long sequentialID() {
        return id;
    }

    @Override
    public String debug() {
        return toString();
    }

    @Override
    public String toManagementString() {
        return toString();
    }

    @Override
    public String toString() {
        return "reader of " + queue.getName();
    }

    @Override
    public synchronized void disconnect() {
        closed = true;
    }

    @Override
    public synchronized void failed(Throwable why) {
        closed = true;
    }
}
