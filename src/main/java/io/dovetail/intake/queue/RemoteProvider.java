package io.dovetail.intake.queue;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.qpid.jms.provider.ProviderFutureFactory;
import org.apache.qpid.jms.provider.amqp.AmqpProvider;
import org.apache.qpid.jms.transports.TransportFactory;

/** Qpid's client of AMQP, which hears of messages what {@link RemoteFrames} gives it in their place. */
final class RemoteProvider extends AmqpProvider {

    /** As Qpid calls them. */
    private static final Map<String, String> TRANSPORTS =
            Map.of("wss", "wss", "ws", "ws", "amqps", "ssl", "amqp", "tcp");

    private final RemoteFrames frames;
    private boolean isOver;

    /**
     * @param address with options of the transport alone
     * @param names that this broker has used in its frames
     * @param maxMessageBytes of all sections of a message together
     * @param arrived gets each message, by its number
     */
    RemoteProvider(URI address, AmqpNames names, int maxMessageBytes, Map<Long, RemoteMessage> arrived)
            throws Exception {
        super(
                address,
                TransportFactory.create(Objects.requireNonNull(TRANSPORTS.get(address.getScheme())), address),
                ProviderFutureFactory.create(new HashMap<>()));
        this.frames = new RemoteFrames(names, getMaxFrameSize(), maxMessageBytes, arrived, this::hear);
    }

    @Override
    public void onData(ByteBuf input) {
        try {
            if (!isOver) {
                frames.read(input);
            }
        } catch (AmqpValues.Fault e) {
            isOver = true;
            onTransportError(new IOException("nothing more is read of it: " + e.why()));
        }
    }

    private void hear(ByteBuf frame) {
        if (!isFailed()) {
            super.onData(frame);
        }
    }
}
