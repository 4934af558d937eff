package io.dovetail.intake.queue;

import io.dovetail.intake.RefusedException.Reason;
import org.apache.activemq.artemis.protocol.amqp.proton.AMQPConnectionContext;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.jspecify.annotations.Nullable;

/** How the hub ends one connection, of which the doors hear once. For any thread. */
final class AmqpEnd {

    private final AMQPConnectionContext connection;
    private final AmqpDoors doors;
    private volatile boolean isNear;

    AmqpEnd(AMQPConnectionContext connection, AmqpDoors doors) {
        this.connection = connection;
        this.doors = doors;
    }

    /** Whether nothing more of it is looked at. */
    boolean isNear() {
        return isNear;
    }

    /** Who has proved to be so called; null: nobody yet. */
    @Nullable
    String user() {
        var login = connection.getSASLResult();
        return login != null && login.isSuccess() ? login.getUser() : null;
    }

    void now(Reason reason, Symbol condition, String why) {
        refuse(reason);
        cut(new ErrorCondition(condition, why));
    }

    /** Leaves the rest to whoever has to say why. */
    void refuse(Reason reason) {
        if (!isNear) {
            doors.refused(user(), reason);
        }
        hearNoMore();
    }

    /** @param why null: the broker has said it */
    void cut(@Nullable ErrorCondition why) {
        hearNoMore();
        connection.close(why);
    }

    private void hearNoMore() {
        isNear = true;
        connection.getHandler().setReadable(false);
    }
}
