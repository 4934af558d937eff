package io.dovetail.intake.queue;

import io.dovetail.connector.Connector;
import io.dovetail.intake.Letter;
import io.dovetail.intake.RefusedException;
import io.dovetail.intake.RefusedException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.activemq.artemis.api.core.ActiveMQBuffers;
import org.apache.activemq.artemis.protocol.amqp.broker.AMQPStandardMessage;
import org.apache.activemq.artemis.protocol.amqp.util.TLSEncode;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.AmqpSequence;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.codec.ReadableBuffer;
import org.jspecify.annotations.Nullable;

/**
 * All that is read of a message: its body's bytes, content type, delivery id and trace. Whatever else a sender writes
 * into it goes no further.
 *
 * @param media without parameters, lower case; one of the connector's where the message names none
 * @param id null where it bears none
 */
record AmqpContent(
        String media,
        @Nullable String id,
        byte[] body,
        @Nullable String traceparent) {

    private static final Symbol JMS_TYPE = Symbol.valueOf("x-opt-jms-msg-type");
    // ObjectMessage, MapMessage, StreamMessage (AMQP JMS mapping, 3.2.1)
    private static final Set<Integer> JAVA_STRUCTURES = Set.of(1, 2, 4);
    // what JMS clients call every BytesMessage
    private static final String ANYTHING = "application/octet-stream";

    /** @throws RefusedException when it is none that the connector takes */
    static AmqpContent of(AMQPStandardMessage message, Connector connector) throws RefusedException {
        try {
            return read(message, connector);
        } catch (RuntimeException | StackOverflowError e) {
            // its sections are decoded when they are asked for
            throw new RefusedException(Reason.MALFORMED, "The message cannot be decoded.");
        }
    }

    private static AmqpContent read(AMQPStandardMessage message, Connector connector) throws RefusedException {
        var properties = message.getProperties();
        if (properties != null && properties.getContentEncoding() != null) {
            throw new RefusedException(Reason.MEDIA_TYPE, "Send the body without a content-encoding.");
        }
        var annotations = message.getMessageAnnotations();
        if (annotations != null
                && annotations.getValue().get(JMS_TYPE) instanceof Number type
                && JAVA_STRUCTURES.contains(type.intValue())) {
            throw notBytes();
        }
        var media = media(properties == null ? null : properties.getContentType(), connector);
        var application = message.getApplicationProperties();
        var map = application == null ? Map.of() : application.getValue();
        var amqp = connector.amqp();
        var name = amqp == null ? null : amqp.deliveryId();
        var id = name != null
                ? id(map.get(name), "application property " + name)
                : id(properties == null ? null : properties.getMessageId(), "message-id");
        return new AmqpContent(media, id, body(message), map.get("traceparent") instanceof String trace ? trace : null);
    }

    Letter from(String sender) {
        return new Letter(sender, id, true, media, body, traceparent);
    }

    private static String media(@Nullable Symbol contentType, Connector connector) throws RefusedException {
        var accepted = connector.webhook().media();
        var given = contentType == null ? "" : contentType.toString();
        var end = given.indexOf(';');
        var media = (end < 0 ? given : given.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        if (media.isEmpty() || media.equals(ANYTHING) && !accepted.contains(ANYTHING)) {
            return connector.webhook().firstMedia();
        }
        if (!accepted.contains(media)) {
            throw new RefusedException(Reason.MEDIA_TYPE, "This connector takes " + String.join(", ", accepted) + ".");
        }
        return media;
    }

    private static @Nullable String id(@Nullable Object value, String where) throws RefusedException {
        var id = switch (value) {
            case null -> "";
            case String text -> text.strip();
            case UUID uuid -> uuid.toString();
            case Number number -> number.toString();
            case Binary bytes -> HexFormat.of().formatHex(bytes.getArray(), bytes.getArrayOffset(), end(bytes));
            default -> throw new RefusedException(Reason.MALFORMED, "The " + where + " is no text and no number.");
        };
        if (id.length() > Letter.MAX_ID || id.chars().anyMatch(AmqpContent::isNoText)) {
            throw new RefusedException(
                    Reason.MALFORMED,
                    "The " + where + " has more than " + Letter.MAX_ID
                            + " characters, or one that is none to be read.");
        }
        return id.isEmpty() ? null : id;
    }

    private static boolean isNoText(int c) {
        return Character.isISOControl(c) || Character.isSurrogate((char) c);
    }

    /** The body, or all of the message as it was sent where that has none to be read: of what was let in nothing is lost. */
    static byte[] whole(AMQPStandardMessage message) {
        try {
            return body(message);
        } catch (RefusedException | RuntimeException | StackOverflowError e) {
            return encoded(message);
        }
    }

    /** The sections of data one after the other, or one value of text or bytes. */
    private static byte[] body(AMQPStandardMessage message) throws RefusedException {
        var encoded = encoded(message);
        var decoder = TLSEncode.getDecoder();
        var buffer = ReadableBuffer.ByteBufferReader.wrap(encoded);
        decoder.setBuffer(buffer);
        try {
            var body = new ByteArrayOutputStream(encoded.length);
            while (buffer.hasRemaining()) {
                switch (decoder.readObject()) {
                    case Data data -> write(data.getValue(), body);
                    case AmqpValue value
                    when value.getValue() instanceof String text ->
                        body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
                    case AmqpValue value when value.getValue() instanceof Binary bytes -> write(bytes, body);
                    case AmqpValue value -> throw notBytes();
                    case AmqpSequence sequence -> throw notBytes();
                    case null, default -> {
                        // what describes the message
                    }
                }
            }
            return body.toByteArray();
        } finally {
            decoder.setBuffer(null);
        }
    }

    private static byte[] encoded(AMQPStandardMessage message) {
        var record = ActiveMQBuffers.dynamicBuffer(message.getPersistSize());
        message.persist(record);
        var encoded = new byte[record.readInt()];
        record.readBytes(encoded);
        return encoded;
    }

    private static void write(Binary bytes, ByteArrayOutputStream body) {
        body.write(bytes.getArray(), bytes.getArrayOffset(), bytes.getLength());
    }

    private static int end(Binary bytes) {
        return bytes.getArrayOffset() + bytes.getLength();
    }

    private static RefusedException notBytes() {
        return new RefusedException(
                Reason.MEDIA_TYPE, "The body must be bytes or text: no Java object, no map, no list and no stream.");
    }
}
