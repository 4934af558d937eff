package io.dovetail.intake.queue;

import io.dovetail.intake.RefusedException.Reason;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.activemq.artemis.protocol.amqp.proton.AMQPConnectionContext;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the hub ends one connection, of which the doors hear once. It ends the connection and not a link of it alone: who goes
 * on sending on a link that is closed would fill the memory. For any thread.
 */
final class AmqpEnd {

    private static final Logger log = LoggerFactory.getLogger(AmqpEnd.class);

    private final AMQPConnectionContext connection;
    private final AmqpDoors doors;
    private final AtomicBoolean isNear = new AtomicBoolean();

    AmqpEnd(AMQPConnectionContext connection, AmqpDoors doors) {
        this.connection = connection;
        this.doors = doors;
    }

    /** Whether nothing more of it is looked at. */
    boolean isNear() {
        return isNear.get();
    }

    /** Who has proved to be so called; null: nobody yet. */
    @Nullable
    String user() {
        var login = connection.getSASLResult();
        return login != null && login.isSuccess() ? login.getUser() : null;
    }

    void now(Reason reason, Symbol condition, String why) {
        refuse(reason, why);
        cut(new ErrorCondition(condition, why));
    }

    /** Leaves the rest to whoever has to say why. */
    void refuse(Reason reason, String why) {
        if (hearNoMore()) {
            log.debug("A connection of {} is ended: {}", user(), why);
            doors.refused(user(), reason);
        }
    }

    /** @param why null: the broker has said it */
    void cut(@Nullable ErrorCondition why) {
        hearNoMore();
        connection.close(why);
    }

    /** It has gone by itself. */
    void came() {
        hearNoMore();
    }

    private boolean hearNoMore() {
        connection.getHandler().setReadable(false);
        return isNear.compareAndSet(false, true);
    }
}
