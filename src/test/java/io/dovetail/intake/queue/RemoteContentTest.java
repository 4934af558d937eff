package io.dovetail.intake.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.messaging.AmqpSequence;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.Header;
import org.apache.qpid.proton.amqp.messaging.MessageAnnotations;
import org.apache.qpid.proton.amqp.messaging.Properties;
import org.apache.qpid.proton.codec.AMQPDefinedTypes;
import org.apache.qpid.proton.codec.DecoderImpl;
import org.apache.qpid.proton.codec.EncoderImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read of a message that somebody has put into another broker's queue. */
class RemoteContentTest {

    private static final EncoderImpl ENCODER = new EncoderImpl(new DecoderImpl());

    static {
        AMQPDefinedTypes.registerAllTypes(ENCODER.getDecoder(), ENCODER);
    }

    private static synchronized byte[] message(Object... sections) {
        var buffer = ByteBuffer.allocate(128 << 10);
        for (var section : sections) {
            if (section instanceof byte[] bytes) {
                buffer.put(bytes);
            } else {
                ENCODER.setByteBuffer(buffer);
                ENCODER.writeObject(section);
            }
        }
        var bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static Data data(String text) {
        return new Data(new Binary(text.getBytes(UTF_8)));
    }

    static byte[] binary(String text) {
        var bytes = text.getBytes(UTF_8);
        return concat(new byte[] {(byte) 0xa0, (byte) bytes.length}, bytes);
    }

    /** A section as its bytes, whatever its value is. */
    static byte[] section(int descriptor, byte[] value) {
        return ByteBuffer.allocate(3 + value.length)
                .put(new byte[] {0, 0x53, (byte) descriptor})
                .put(value)
                .array();
    }

    /** An empty list in lists of one element (AMQP 1.0, 1.6.22). */
    static byte[] lists(int depth) {
        var bytes = ByteBuffer.allocate(depth * 9 + 1);
        for (var left = depth; left > 0; left--) {
            bytes.put((byte) 0xd0).putInt((left - 1) * 9 + 1 + 4).putInt(1);
        }
        return bytes.put((byte) 0x45).array();
    }

    private static Properties properties(Object id, String type) {
        var properties = new Properties();
        properties.setMessageId(id);
        properties.setContentType(Symbol.valueOf(type));
        return properties;
    }

    private RemoteContent read(Object... sections) throws AmqpValues.Fault {
        return RemoteContent.of(message(sections));
    }

    private String text(Object... sections) throws AmqpValues.Fault {
        var body = read(sections).body();
        return body == null ? "a structure" : new String(body, UTF_8);
    }

    @Test
    void readsTheBodyAndWhatDescribesItAndNothingElse() throws Exception {
        var content = read(
                new Header(),
                new MessageAnnotations(Map.of(Symbol.valueOf("x-opt-jms-msg-type"), (byte) 3)),
                properties("ID:1", "application/json; charset=utf-8"),
                new ApplicationProperties(Map.of("traceparent", "00-1", "any", 1)),
                data("{\"n\":1}"));
        assertThat(content.body()).isEqualTo("{\"n\":1}".getBytes(UTF_8));
        assertThat(content.id()).isEqualTo("ID:1");
        assertThat(content.type()).isEqualTo("application/json; charset=utf-8");
        assertThat(content.trace()).isEqualTo("00-1");
    }

    @Test
    void readsBytesAndTextInEachFormThatAMessageMayHave() throws Exception {
        assertThat(text(data("{\"n\""), data(":1}"))).isEqualTo("{\"n\":1}");
        assertThat(text(new AmqpValue("{\"grüße\":1}"))).isEqualTo("{\"grüße\":1}");
        assertThat(text(new AmqpValue(new Binary("{}".getBytes(UTF_8))))).isEqualTo("{}");
        assertThat(text(new Header())).isEmpty();
        // a descriptor may be a symbol as well (3.2.6)
        assertThat(text(concat(symbol("amqp:data:binary"), new byte[] {(byte) 0xa0, 2, '{', '}'})))
                .isEqualTo("{}");
        for (var structure : List.of(
                new AmqpValue(Map.of("n", 1)),
                new AmqpValue(List.of(1)),
                new AmqpValue(1),
                new AmqpValue(Symbol.valueOf("{}")),
                message(data("{}"), new AmqpValue("{}")),
                message(new AmqpValue("{}"), new AmqpValue("{}")),
                section(0x77, new byte[] {0x40}),
                section(0x75, new byte[] {0x40}),
                section(0x75, new byte[] {0x41}),
                new AmqpSequence(List.of("{}")))) {
            assertThat(text(structure)).isEqualTo("a structure");
        }
    }

    /** Lists and maps have two forms, and descriptors four (1.3, 1.6). */
    @Test
    void readsWhatDescribesItInEachForm() throws Exception {
        var properties = new byte[] {(byte) 0xd0, 0, 0, 0, 7, 0, 0, 0, 1, (byte) 0xa1, 1, '7'};
        var application = concat(
                new byte[] {(byte) 0xd1, 0, 0, 0, 23, 0, 0, 0, 2, (byte) 0xa1, 11},
                concat("traceparent".getBytes(UTF_8), new byte[] {(byte) 0xb1, 0, 0, 0, 1, 't'}));
        for (var descriptor : List.of(
                new byte[] {0, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0x73},
                new byte[] {0, 0x53, 0x73},
                symbol("amqp:properties:list"),
                longSymbol("amqp:properties:list"))) {
            var content = read(concat(descriptor, properties), section(0x74, application), data("{}"));
            assertThat(content.id()).isEqualTo("7");
            assertThat(content.trace()).isEqualTo("t");
        }
        // and not one in the form of the other
        properties[0] = (byte) 0xd1;
        application[0] = (byte) 0xd0;
        properties[8] = 2;
        properties[4] = 8;
        var mixed = read(section(0x73, concat(properties, new byte[] {0x40})), section(0x74, application), data("{}"));
        assertThat(mixed.id()).isNull();
        assertThat(mixed.trace()).isNull();
        // a described value is of no type that is known here (1.5)
        var described = new byte[] {(byte) 0xc0, 7, 1, 0, 0x53, 1, (byte) 0xa1, 1, '7'};
        assertThat(read(section(0x73, described), data("{}")).id()).isNull();
    }

    private static byte[] longSymbol(String name) {
        return ByteBuffer.allocate(6 + name.length())
                .put(new byte[] {0, (byte) 0xb3})
                .putInt(name.length())
                .put(name.getBytes(UTF_8))
                .array();
    }

    private static byte[] symbol(String name) {
        return ByteBuffer.allocate(3 + name.length())
                .put(new byte[] {0, (byte) 0xa3, (byte) name.length()})
                .put(name.getBytes(UTF_8))
                .array();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    static Stream<Arguments> ids() {
        var uuid = new UUID(1, 2);
        return Stream.of(
                Arguments.of("ID:1", "ID:1"),
                Arguments.of(uuid, uuid.toString()),
                Arguments.of(UnsignedLong.valueOf(0), "0"),
                Arguments.of(UnsignedLong.valueOf(7), "7"),
                Arguments.of(UnsignedLong.valueOf(-1), "18446744073709551615"),
                Arguments.of(new Binary(new byte[] {1, (byte) 0xab}), "01ab"),
                Arguments.of(new Binary(new byte[0]), null),
                Arguments.of("", null),
                Arguments.of("a b", null),
                Arguments.of("x".repeat(256), "x".repeat(256)),
                Arguments.of("x".repeat(257), null),
                Arguments.of(Symbol.valueOf("a"), null),
                Arguments.of("x".repeat(70_000), null),
                Arguments.of(new Binary(new byte[129]), null),
                Arguments.of(List.of("b"), null),
                Arguments.of(true, null));
    }

    @ParameterizedTest
    @MethodSource("ids")
    void knowsAMessageByAnIdThatIsOne(Object id, String known) throws Exception {
        var content = read(properties(id, "a/b"), data("{}"));
        assertThat(content.id()).isEqualTo(known);
        assertThat(content.type()).isEqualTo("a/b");
    }

    /** A client would make of them what they say that they are, and fail. */
    @Test
    void readsTheBodyWhereWhatDescribesItMakesNoSense() throws Exception {
        var oddKeys = new HashMap<Object, Object>(Map.of(Symbol.valueOf("traceparent"), "00-1"));
        for (var odd : List.of(
                section(0x73, new byte[] {(byte) 0xc0, 3, 2, 0x41, 0x45}),
                section(0x73, new byte[] {0x41}),
                section(0x74, message(oddKeys)),
                section(0x72, message(Map.of("x-opt-jms-msg-type", "text"))),
                section(0x73, new byte[] {0x40}),
                section(0x73, new byte[] {0x45}),
                section(0x73, new byte[] {(byte) 0xe0, 3, 1, (byte) 0xa1, 0}),
                section(0x74, new byte[] {0x40}),
                section(0x74, new byte[] {(byte) 0xc0, 2, 1, 0x41}),
                section(0x70, new byte[] {0x41}))) {
            var content = read(odd, data("{}"));
            assertThat(content.body()).isEqualTo("{}".getBytes(UTF_8));
            assertThat(content.trace()).isNull();
        }
        var wrongEncoding = read(properties("1", "application/json"), new byte[] {0, 0x53, 0x75, (byte) 0xa0, 1, -1});
        assertThat(wrongEncoding.body()).containsExactly(-1);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("16 deep", section(0x77, lists(16))),
                Arguments.of("16 deep", section(0x78, lists(50_000))),
                Arguments.of("no section", new byte[] {0x41}),
                Arguments.of("no section", new byte[] {0, 0x53, 0x10, 0x45}),
                Arguments.of("no section", new byte[] {0, (byte) 0xa3, 1, 'a', 0x45}),
                Arguments.of("too early", new byte[] {0, 0x53}),
                Arguments.of("too early", new byte[] {0, 0x53, 0x75, (byte) 0xa0, 9, 1}),
                Arguments.of("larger than", new byte[] {0, 0x53, 0x77, (byte) 0xc0, 3, 2, (byte) 0xa0, 9}),
                Arguments.of("65,536 values", section(0x77, nulls(65_536))));
    }

    /** A list of so many. */
    private static byte[] nulls(int count) {
        var bytes = new byte[9 + count];
        Arrays.fill(bytes, (byte) 0x40);
        ByteBuffer.wrap(bytes).put((byte) 0xd0).putInt(4 + count).putInt(count);
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("faults")
    void readsNothingOfWhatMustNotBeDecoded(String why, byte[] message) {
        assertThatExceptionOfType(AmqpValues.Fault.class)
                .isThrownBy(() -> RemoteContent.of(message))
                .withMessageContaining(why);
    }

    /** Proton's are kept for ever. */
    @Test
    void remembersNoSymbols() throws Exception {
        for (var n = 0; n < 2 * AmqpNames.MAX; n++) {
            var content = read(properties("1", "multipart/mixed; boundary=" + n), data("{}"));
            assertThat(content.type()).endsWith("=" + n);
            assertThat(content.id()).isEqualTo("1");
        }
    }
}
