package io.dovetail.hostile;

import java.util.List;
import java.util.Set;

/** A way into the hub that is shot at. Everything that a campaign knows of HTTP, AMQP or Kafka is in here. */
interface Door extends AutoCloseable {

    String name();

    /** Whether it can carry this at all: a header that is no HTTP is nothing to a queue. */
    boolean carries(Delivery delivery);

    Reply deliver(Delivery delivery, Arm arm);

    /** How it may end behind this door: not everywhere is somebody there to be told what is wrong with it. */
    default Set<Ending> ends(Attack attack) {
        return attack.ends();
    }

    /** Where a sender can put a name and a value beside, or into, what it sends. */
    List<Channel> channels();

    /** One of them. */
    interface Channel {

        String name();

        /** How what has this name there may end. */
        Set<Ending> ends(String name);

        Delivery put(Delivery delivery, String name, String value);
    }

    @Override
    void close();
}
