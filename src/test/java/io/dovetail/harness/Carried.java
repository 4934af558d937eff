package io.dovetail.harness;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.apache.qpid.jms.message.JmsMessage;
import org.apache.qpid.jms.provider.amqp.message.AmqpJmsMessageFacade;
import org.jspecify.annotations.Nullable;

/** What a message on the bus carries beside its body. A consumer steers by it, so nothing of it may be a sender's. */
public final class Carried {

    /** All that the hub says beside the event itself. */
    public static final Set<String> MEANT = Set.of("id", "type");

    private static final String LARGE = "_AMQ_LARGE_SIZE";

    private Carried() {}

    /** The names of its application properties, and of those fields of AMQP that a sender could have filled. */
    public static Set<String> by(Message message) throws JMSException {
        var facade = (AmqpJmsMessageFacade) ((JmsMessage) message).getFacade();
        var names = new TreeSet<>(facade.getApplicationPropertyNames(new HashSet<>()));
        // reckoned by the client that reads it
        names.remove("JMSXDeliveryCount");
        // said by the broker itself of a message that it keeps in a file, and then it is true
        if (names.contains(LARGE) && message.getLongProperty(LARGE) == ((BytesMessage) message).getBodyLength()) {
            names.remove(LARGE);
        }
        add(names, "reply-to", facade.getReplyTo());
        add(names, "reply-to-group-id", facade.getReplyToGroupId());
        add(names, "group-id", facade.getGroupId());
        add(names, "correlation-id", facade.getCorrelationId());
        add(names, "user-id", facade.getUserId());
        add(names, "subject", facade.getType());
        return names;
    }

    private static void add(Set<String> names, String name, @Nullable Object value) {
        if (value != null) {
            names.add(name);
        }
    }
}
