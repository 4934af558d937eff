package io.dovetail.intake.queue;

import io.dovetail.intake.RefusedException.Reason;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.transaction.Coordinator;
import org.apache.qpid.proton.amqp.transport.AmqpError;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Begin;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.End;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.amqp.transport.Open;
import org.apache.qpid.proton.amqp.transport.Role;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.apache.qpid.proton.engine.Transport;
import org.apache.qpid.proton.engine.TransportException;
import org.apache.qpid.proton.engine.impl.ProtocolTracer;
import org.apache.qpid.proton.framing.TransportFrame;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the frames that Proton would take otherwise than they are meant, on which it would not come to an end, or of
 * which the broker would keep something for ever; and lets each user do with links what is his to do. Has to see them on the
 * way to the broker, which is asked first about all that has happened.
 */
final class AmqpFrames implements ProtocolTracer {

    private static final long MIN_FRAME_BYTES = 512;
    private static final long MIN_IDLE_MILLIS = 1_000;
    private static final int MAX_ADDRESS = 255;
    private static final long MAX_HANDLE = 65_535;
    private static final long MAX_SETTLED = 65_536;
    /** Who has a credit of 64 on each link. */
    private static final long MAX_SETTLED_OF_A_SENDER = AmqpOpenings.MAX_LINKS * 64L;

    private static final long HIGHEST = 0xffff_ffffL;

    /** Of a link, and of what comes on it. */
    private record Place(int channel, UnsignedInteger handle) {}

    /** As Proton knows it. */
    private record Link(int channel, Role role, String name) {}

    private final Transport transport;
    private final AmqpNames.OfAll users;
    private final AmqpEnd end;
    private final Set<Integer> channels = new HashSet<>();
    private final Map<Place, Link> links = new HashMap<>();
    private final Set<Link> attached = new HashSet<>();
    private final Set<Place> coordinators = new HashSet<>();
    private final Map<Place, AmqpSections> halves = new HashMap<>();
    private final AmqpTransactions transactions = new AmqpTransactions();
    private boolean isOpened;
    private long settledAtOnce;
    private @Nullable AmqpNames names;

    AmqpFrames(Transport transport, AmqpNames.OfAll users, AmqpEnd end) {
        this.transport = transport;
        this.users = users;
        this.end = end;
    }

    /** What has been read until now is looked at. */
    void next() {
        settledAtOnce = 0;
    }

    /** Of whoever has logged in. */
    AmqpNames names() {
        var known = names;
        if (known == null) {
            known = users.of(String.valueOf(end.user()));
            names = known;
        }
        return known;
    }

    private Optional<AmqpUser> sender() {
        return AmqpUser.of(end.user());
    }

    private TransportException malformed(String why) {
        return refused(Reason.MALFORMED, AmqpError.DECODE_ERROR, why);
    }

    private TransportException refused(Reason reason, Symbol condition, String why) {
        transport.setCondition(new ErrorCondition(condition, why));
        end.refuse(reason, why);
        return new TransportException(why);
    }

    @Override
    public void receivedFrame(TransportFrame frame) {
        var channel = frame.getChannel();
        switch (frame.getBody()) {
            case Open open -> look(open);
            case Begin begin -> look(begin, channel);
            case Attach attach -> look(attach, new Place(channel, attach.getHandle()));
            case Transfer transfer -> look(transfer, new Place(channel, transfer.getHandle()), frame.getPayload());
            case Disposition disposition -> look(disposition);
            case Detach detach -> look(detach, new Place(channel, detach.getHandle()));
            case End over -> leave(channel);
            default -> {
                // nothing comes of it
            }
        }
    }

    @Override
    public void sentFrame(TransportFrame frame) {
        if (frame.getBody() instanceof Disposition outcome) {
            transactions.sent(outcome);
        }
    }

    private void look(Open open) {
        // twice (against 2.4.1), it would be two for the broker, which would forget one of them at its end
        if (isOpened) {
            throw malformed("A connection is opened once.");
        }
        isOpened = true;
        // smaller than this (2.7.1) there is none into which what is to be sent could be cut
        if (open.getMaxFrameSize() != null && number(open.getMaxFrameSize()) < MIN_FRAME_BYTES) {
            throw malformed("A frame has at least " + MIN_FRAME_BYTES + " bytes.");
        }
        var idle = open.getIdleTimeOut() == null ? 0 : number(open.getIdleTimeOut());
        if (idle > Integer.MAX_VALUE) {
            open.setIdleTimeOut(null); // Proton would take it for negative
        } else if (idle > 0 && idle < MIN_IDLE_MILLIS) {
            // twice in this time something would be sent
            throw malformed("An idle time-out is none, or at least %,d ms.".formatted(MIN_IDLE_MILLIS));
        }
        // each user has names of his own: one that is in use would keep another out
        open.setContainerId(end.user() + "/" + open.getContainerId());
    }

    private void look(Begin begin, int channel) {
        // the session would have two channels for Proton
        if (begin.getRemoteChannel() != null) {
            throw malformed("The hub has begun no session.");
        }
        if (!channels.add(channel)) {
            throw malformed("A channel is of one session.");
        }
    }

    private void look(Attach attach, Place place) {
        if (number(place.handle) > MAX_HANDLE) {
            throw malformed("There is no handle so high.");
        }
        // Proton would pass over it
        if (!channels.contains(place.channel)) {
            throw malformed("There is no such session.");
        }
        // under another handle it would be the same link for Proton, and what comes on both of them one message
        var link = new Link(place.channel, attach.getRole(), attach.getName());
        if (links.containsKey(place) || !attached.add(link)) {
            throw malformed("A link is attached once (2.6.3), and a handle is of one link.");
        }
        links.put(place, link);
        requireAllowed(attach);
        if (attach.getTarget() instanceof Coordinator) {
            coordinators.add(place);
        }
    }

    /** The broker would look the address up, and remember that it has, before it says no. */
    private void requireAllowed(Attach attach) {
        var sender = sender().orElse(null);
        var mayDo = attach.getRole() == Role.RECEIVER
                ? sender == null && isNamed(attach.getSource())
                : attach.getTarget() instanceof Coordinator
                        || sender != null
                                && attach.getTarget() instanceof Target target
                                && !target.getDynamic()
                                && sender.address().equals(target.getAddress());
        if (!mayDo) {
            throw refused(
                    Reason.UNKNOWN_CONNECTOR,
                    AmqpError.UNAUTHORIZED_ACCESS,
                    sender == null
                            ? "You may read from a queue of yours, named as the source of a link, and send nothing."
                            : "You may send to " + sender.address()
                                    + ", named as the target of a link, and to nowhere else, and read nothing.");
        }
    }

    /** Which queues are a consumer's own the broker knows. */
    private boolean isNamed(org.apache.qpid.proton.amqp.transport.Source wanted) {
        if (!(wanted instanceof Source source) || source.getAddress() == null || source.getDynamic()) {
            return false;
        }
        if (source.getAddress().length() > MAX_ADDRESS || !names().admit("address " + source.getAddress())) {
            throw refused(
                    Reason.TOO_MANY_AT_ONCE,
                    AmqpError.RESOURCE_LIMIT_EXCEEDED,
                    "An address has at most %d characters; a user at most %,d addresses, symbols and descriptors."
                            .formatted(MAX_ADDRESS, AmqpNames.MAX));
        }
        return true;
    }

    private void look(Transfer transfer, Place place, @Nullable Binary payload) {
        // Proton would pass over it, and go on with it when there is one
        if (!links.containsKey(place)) {
            throw malformed("There is no such link.");
        }
        if (transfer.getMessageFormat() != null && number(transfer.getMessageFormat()) != 0) {
            throw refused(
                    Reason.MALFORMED,
                    AmqpError.NOT_IMPLEMENTED,
                    "Only plain AMQP 1.0 messages are taken (message-format 0).");
        }
        var known = halves.remove(place);
        if (transfer.getAborted()) {
            return;
        }
        var message = known == null ? new AmqpSections(names()) : known;
        if (payload != null) {
            look(message, payload);
        }
        if (coordinators.contains(place)) {
            command(transfer, payload);
        }
        if (transfer.getMore()) {
            halves.put(place, message);
        } else if (!message.isBetween()) {
            throw malformed("The message ends too early.");
        }
    }

    private void look(AmqpSections message, Binary payload) {
        try {
            message.read(Unpooled.wrappedBuffer(payload.getArray(), payload.getArrayOffset(), payload.getLength()));
        } catch (AmqpValues.Fault e) {
            throw malformed(e.why());
        }
    }

    private void command(Transfer transfer, @Nullable Binary payload) {
        if (transfer.getMore() || payload == null) {
            throw malformed("What a coordinator is told fits into a frame.");
        }
        if (!transactions.received(payload)) {
            throw malformed("A coordinator is told to begin and to end transactions (4.1).");
        }
        if (transactions.areTooMany()) {
            throw refused(
                    Reason.TOO_MANY_AT_ONCE,
                    AmqpError.RESOURCE_LIMIT_EXCEEDED,
                    "A connection has at most " + AmqpTransactions.MAX + " transactions at a time.");
        }
    }

    private void look(Disposition disposition) {
        var first = number(disposition.getFirst());
        var last = disposition.getLast() == null ? first : number(disposition.getLast());
        settledAtOnce += Math.max(0, last - first) + 1;
        var max = sender().isPresent() ? MAX_SETTLED_OF_A_SENDER : MAX_SETTLED;
        // behind the highest number comes the lowest, and so Proton would never get beyond it
        if (last == HIGHEST || settledAtOnce > max) {
            throw malformed("There are not so many deliveries.");
        }
    }

    private void look(Detach detach, Place place) {
        if (!detach.getClosed() && sender().isPresent()) {
            throw refused(
                    Reason.MALFORMED,
                    AmqpError.NOT_IMPLEMENTED,
                    "A link is closed and not only detached; the hub keeps none for later.");
        }
        var link = links.remove(place);
        if (link != null) {
            attached.remove(link);
        }
        coordinators.remove(place);
        requireWhole(halves.containsKey(place));
    }

    private void leave(int channel) {
        channels.remove(channel);
        links.keySet().removeIf(place -> place.channel == channel);
        attached.removeIf(link -> link.channel == channel);
        coordinators.removeIf(place -> place.channel == channel);
        requireWhole(halves.keySet().stream().anyMatch(place -> place.channel == channel));
    }

    /** Under the name of its link Proton would go on with it. */
    private void requireWhole(boolean isHalfSent) {
        if (isHalfSent) {
            throw malformed("A message is half sent.");
        }
    }

    private static long number(UnsignedInteger number) {
        return number.longValue();
    }
}
