package io.dovetail.intake.poll.camel;

import io.dovetail.camel.HubRoute;
import io.dovetail.camel.Lookups;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.intake.poll.Page;
import io.dovetail.protocol.pubsub.Subscriber;
import io.dovetail.protocol.pubsub.Subscription;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/** A page of a topic becomes the body, read behind the variable {@code replayId}. Its stream lives as long as the route. */
final class SubscribeStep implements Processor, AutoCloseable {

    private final Subscription subscription;
    private @Nullable Subscriber subscriber;

    SubscribeStep(Subscription subscription) {
        this.subscription = subscription;
    }

    @Override
    public synchronized void process(Exchange exchange) {
        // only now, so that routes that are off cost nothing
        if (subscriber == null) {
            subscriber = new Subscriber(subscription, System::nanoTime);
        }
        try {
            var replayId = Lookups.of(exchange).path("replayId").textValue();
            exchange.getMessage()
                    .setBody(subscriber.next(
                            replayId, HubRoute.work(exchange, Page.class).caller()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailedException(Failure.of(
                    FailureKind.EXTERNAL,
                    subscription.request().place(),
                    "stopped",
                    "the hub is being stopped, or its files change"));
        }
    }

    @Override
    public synchronized void close() {
        if (subscriber != null) {
            subscriber.close();
            subscriber = null;
        }
    }
}
