package io.dovetail.trigger;

import io.dovetail.event.Event;
import io.dovetail.event.Trigger;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** All policy routes, asked about one event at a time; safe for many threads. */
public interface Policies extends AutoCloseable {

    /**
     * The triggers an event sets off, in the order of the routes' ids; none twice for one workflow.
     *
     * @param acceptedAt what due times count from
     * @throws io.dovetail.event.FailedException of kind MAPPING, naming the route
     */
    List<Trigger> apply(Event event, Instant acceptedAt);

    /** The workflows that they may set off. */
    Set<String> workflows();

    @Override
    void close();
}
