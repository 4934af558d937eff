package io.dovetail.intake.queue;

import java.util.HashSet;
import java.util.Set;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.transaction.Declared;
import org.apache.qpid.proton.amqp.transaction.Discharge;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.message.Message;

/** Counts the transactions that a connection has begun (AMQP 1.0, 4.2) and not ended. */
final class AmqpTransactions {

    static final int MAX = 64;

    private final Set<Binary> open = new HashSet<>();

    void sent(Disposition outcome) {
        if (outcome.getState() instanceof Declared declared) {
            open.add(declared.getTxnId());
        }
    }

    /** @param command a message to the coordinator, as it may be decoded */
    void received(Binary command) {
        var message = Message.Factory.create();
        message.decode(command.getArray(), command.getArrayOffset(), command.getLength());
        if (message.getBody() instanceof AmqpValue value && value.getValue() instanceof Discharge over) {
            open.remove(over.getTxnId());
        }
    }

    boolean areTooMany() {
        return open.size() > MAX;
    }
}
