package io.dovetail.intake.queue;

import java.util.HashSet;
import java.util.Set;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.transaction.Declare;
import org.apache.qpid.proton.amqp.transaction.Declared;
import org.apache.qpid.proton.amqp.transaction.Discharge;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.message.Message;

/** Counts the transactions that a connection has begun (AMQP 1.0, 4.2) and not ended. */
final class AmqpTransactions {

    static final int MAX = 64;

    private final Set<Binary> open = new HashSet<>();
    private int begun;

    void sent(Disposition outcome) {
        if (outcome.getState() instanceof Declared declared) {
            begun--;
            open.add(declared.getTxnId());
        }
    }

    /**
     * @param command a message to the coordinator, as it may be decoded
     * @return false: there is no such command
     */
    boolean received(Binary command) {
        var message = Message.Factory.create();
        message.decode(command.getArray(), command.getArrayOffset(), command.getLength());
        return switch (message.getBody() instanceof AmqpValue value ? value.getValue() : null) {
            case Declare begins -> {
                begun++;
                yield true;
            }
            case Discharge ends -> {
                open.remove(ends.getTxnId());
                yield true;
            }
            case null, default -> false;
        };
    }

    boolean areTooMany() {
        return begun + open.size() > MAX;
    }
}
