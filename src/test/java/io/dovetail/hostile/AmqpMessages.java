package io.dovetail.hostile;

import jakarta.jms.Message;
import jakarta.jms.Session;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.qpid.jms.message.JmsMessage;

/** What JMS and AMQP 1.0 have beside bytes: objects, structures and properties, in any number and of any size. */
record AmqpMessages(Words words, Numbers numbers) {

    /** A broker can tell a sender that it takes none of these; nobody needs to park one. */
    static final String FAMILY = "amqp message";

    // as which Qpid sends an object's value itself, and not what Java makes of it
    private static final String AS_AMQP = "JMS_AMQP_TYPED_ENCODING";

    List<Attack> attacks() {
        var all = new ArrayList<Attack>();
        for (var template : Template.all()) {
            objects(template, all);
            structures(template, all);
            texts(template, all);
            properties(template, all);
        }
        return all;
    }

    private void objects(Template template, List<Attack> all) {
        add(template, "no body", Ending.REFUSAL, all, (session, body) -> session.createMessage());
        add(template, "a Java object", Ending.REFUSAL, all, (session, body) -> session.createObjectMessage(new Bait()));
        add(
                template,
                "Java objects in a list",
                Ending.REFUSAL,
                all,
                (session, body) -> session.createObjectMessage(new ArrayList<>(List.of(new Bait(), new Bait()))));
        add(
                template,
                "the body as a Java object",
                Ending.REFUSAL,
                all,
                (session, body) -> session.createObjectMessage(body));
        // bytes as others, for a broker: they are no text, and so are parked
        add(template, "bytes that are a Java object", Set.of(Ending.PARKED), all, (session, body) -> {
            var message = session.createBytesMessage();
            message.writeBytes(Words.serialised(new Bait()));
            return message;
        });
    }

    private void structures(Template template, List<Attack> all) {
        for (var value :
                List.of(true, 5, -1L, 0.5, 'x', new UUID(1, 2), List.of("a"), Map.of("class", Bait.class.getName()))) {
            add(template, "the value " + value, Ending.REFUSAL, all, (session, body) -> {
                var message = session.createObjectMessage();
                message.setBooleanProperty(AS_AMQP, true);
                message.setObject((java.io.Serializable) value);
                return message;
            });
        }
        add(template, "a map", Ending.REFUSAL, all, (session, body) -> {
            var message = session.createMapMessage();
            message.setBytes("body", body);
            message.setString("@class", Bait.class.getName());
            return message;
        });
        // a section of AMQP's sequence
        add(template, "a stream", Ending.REFUSAL, all, (session, body) -> {
            var message = session.createStreamMessage();
            message.writeBytes(body);
            message.writeString(words.somewhere().toString());
            return message;
        });
    }

    private void texts(Template template, List<Attack> all) {
        add(
                template,
                "text",
                Ending.ACCEPTANCE,
                all,
                (session, body) -> session.createTextMessage(new String(body, StandardCharsets.UTF_8)));
        add(template, "an empty text", Ending.REFUSAL, all, (session, body) -> session.createTextMessage(""));
        for (var text : words.all()) {
            add(
                    template,
                    "the text " + text,
                    Set.of(Ending.REFUSED, Ending.PARKED),
                    all,
                    (session, body) -> session.createTextMessage(text));
        }
    }

    private void properties(Template template, List<Attack> all) {
        add(template, "10,000 properties", Ending.TAKEN, all, (session, body) -> {
            var message = bytes(session, body);
            for (var n = 0; n < 10_000; n++) {
                message.setIntProperty("p" + n, n);
            }
            return message;
        });
        add(template, "a property of 100,000 characters", Ending.TAKEN, all, (session, body) -> {
            var message = bytes(session, body);
            message.setStringProperty("p", "x".repeat(100_000));
            return message;
        });
        add(template, "a property's name of 10,000 characters", Ending.TAKEN, all, (session, body) -> {
            var message = bytes(session, body);
            message.setStringProperty("p".repeat(10_000), "x");
            return message;
        });
        for (var value : List.of((byte) 1, (short) 1, 1L, 1.5f, Double.NaN, false)) {
            add(template, "properties of " + value.getClass().getSimpleName(), Ending.TAKEN, all, (session, body) -> {
                var message = bytes(session, body);
                for (var name : List.of("p", "JMSXGroupSeq", "traceparent", "id", "type")) {
                    ((JmsMessage) message).getFacade().setProperty(name, value);
                }
                return message;
            });
        }
        // each group of them is remembered by a broker that keeps their order
        for (var group : List.of("g", UUID.randomUUID().toString(), "x".repeat(10_000), "${sys.user.home}", "\u0000")) {
            add(template, "of the group " + group, Ending.TAKEN, all, (session, body) -> {
                var message = bytes(session, body);
                ((JmsMessage) message).getFacade().setGroupId(group);
                ((JmsMessage) message).getFacade().setGroupSequence(Integer.MAX_VALUE);
                return message;
            });
        }
    }

    private static Message bytes(Session session, byte[] body) throws jakarta.jms.JMSException {
        var message = session.createBytesMessage();
        message.writeBytes(body);
        return message;
    }

    private void add(Template template, String name, Set<Ending> ends, List<Attack> all, AmqpForm form) {
        var number = numbers.next();
        all.add(Attack.of(
                FAMILY,
                template.connector() + " " + name,
                ends,
                () -> template.sound(number).bent(form)));
    }
}
