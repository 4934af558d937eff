package io.dovetail.intake.queue;

import io.dovetail.intake.RefusedException.Reason;
import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.protocol.amqp.proton.AMQPConnectionContext;
import org.apache.activemq.artemis.protocol.amqp.proton.AMQPSessionContext;
import org.apache.activemq.artemis.protocol.amqp.proton.AmqpSupport;
import org.apache.activemq.artemis.protocol.amqp.proton.handler.EventHandler;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.transport.AmqpError;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Link;
import org.apache.qpid.proton.engine.Session;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what one connection may open, and how long it may stay unopened; leaves nothing open behind it. Runs in the
 * connection's own thread.
 */
final class AmqpOpenings implements EventHandler {

    static final int MAX_LINKS = 16;
    private static final int MAX_SESSIONS = 16;
    /** Of either; he may divide his work as he likes. */
    private static final int MAX_OF_A_CONSUMER = 256;

    private static final int PATIENCE_SECONDS = 10;

    private final AMQPConnectionContext connection;
    private final Channel channel;
    private final AmqpEnd end;
    private final AmqpPlaces places;
    private final Set<Link> links = new HashSet<>();
    private final Set<Session> sessions = new HashSet<>();
    private @Nullable String place;
    private @Nullable Future<?> patience;

    /** @param places shared with all other connections */
    AmqpOpenings(AMQPConnectionContext connection, Channel channel, AmqpEnd end, AmqpPlaces places) {
        this.connection = connection;
        this.channel = channel;
        this.end = end;
        this.places = places;
    }

    void watch() {
        patience = channel.eventLoop().schedule(this::requireOpen, PATIENCE_SECONDS, TimeUnit.SECONDS);
        // sooner than channelInactive
        channel.closeFuture().addListener(closed -> leave());
    }

    /** There is room for so many connections, and whoever has not opened his must not keep others out. */
    private void requireOpen() {
        if (own().getRemoteState() == EndpointState.UNINITIALIZED) {
            channel.close();
        }
    }

    private Connection own() {
        return connection.getHandler().getConnection();
    }

    /** What waits for its time keeps all that a connection is, and they come and go as fast as they like. */
    private void forgetPatience() {
        if (patience != null) {
            patience.cancel(false);
            patience = null;
        }
    }

    private void leave() {
        forgetPatience();
        if (place != null) {
            places.leave(place);
            place = null;
        }
        if (end.isNear() || own().getLocalState() == EndpointState.CLOSED) {
            // the broker would wait for its peer to end them
            connection.getSessions().values().forEach(AMQPSessionContext::close);
            connection.getSessions().clear();
        }
        end.came();
    }

    @Override
    public void onRemoteOpen(Connection opened) {
        forgetPatience();
        if (opened.getLocalState() == EndpointState.CLOSED) {
            // his password counts no more since he logged in, or his container has another connection
            end.cut(null);
            return;
        }
        var user = AmqpUser.oneName(String.valueOf(end.user()));
        // whoever has gone already would never leave it
        if (channel.isActive()) {
            if (places.enter(user)) {
                place = user;
                offer(opened);
            } else {
                end.now(
                        Reason.TOO_MANY_AT_ONCE,
                        AmqpError.RESOURCE_LIMIT_EXCEEDED,
                        "You have at most " + AmqpPlaces.max(user) + " connections.");
            }
        }
    }

    /** Clients that hear of no anonymous relay make a link for each address, which is what a sender has to do. */
    private void offer(Connection opened) {
        if (AmqpUser.of(end.user()).isPresent()) {
            opened.setOfferedCapabilities(new Symbol[] {AmqpSupport.SOLE_CONNECTION_CAPABILITY});
        }
    }

    @Override
    public void onRemoteOpen(Session session) {
        requireFew(sessions, session, MAX_SESSIONS, " sessions.");
    }

    @Override
    public void onRemoteClose(Session session) {
        sessions.remove(session);
        // of which nobody says more
        links.removeIf(link -> link.getSession() == session);
    }

    @Override
    public void onRemoteOpen(Link link) {
        requireFew(links, link, MAX_LINKS, " links.");
    }

    /** One that is detached alone the broker keeps until its session ends. */
    @Override
    public void onRemoteClose(Link link) {
        links.remove(link);
    }

    private <T> void requireFew(Set<T> opened, T one, int ofASender, String what) {
        var max = AmqpUser.of(end.user()).isPresent() ? ofASender : MAX_OF_A_CONSUMER;
        if (opened.add(one) && opened.size() > max) {
            end.now(
                    Reason.TOO_MANY_AT_ONCE,
                    AmqpError.RESOURCE_LIMIT_EXCEEDED,
                    "A connection has at most " + max + what);
        }
    }
}
