package io.dovetail.intake.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnknownDescribedType;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.Header;
import org.apache.qpid.proton.amqp.messaging.MessageAnnotations;
import org.apache.qpid.proton.amqp.messaging.Properties;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.transport.Attach;
import org.apache.qpid.proton.amqp.transport.Begin;
import org.apache.qpid.proton.amqp.transport.Close;
import org.apache.qpid.proton.amqp.transport.Detach;
import org.apache.qpid.proton.amqp.transport.Disposition;
import org.apache.qpid.proton.amqp.transport.Flow;
import org.apache.qpid.proton.amqp.transport.Open;
import org.apache.qpid.proton.amqp.transport.Role;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.apache.qpid.proton.codec.AMQPDefinedTypes;
import org.apache.qpid.proton.codec.DecoderImpl;
import org.apache.qpid.proton.codec.EncoderImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Proton writes is taken, in whatever pieces; and of what is taken Proton reads the same bytes. */
class AmqpValuesTest {

    private static final int ROOM = 512;

    private final DecoderImpl decoder = new DecoderImpl();
    private final EncoderImpl encoder = new EncoderImpl(decoder);
    private final AmqpNames names = new AmqpNames();

    AmqpValuesTest() {
        AMQPDefinedTypes.registerAllTypes(decoder, encoder);
    }

    private byte[] encoded(Object value) {
        var buffer = ByteBuffer.allocate(64 << 10);
        encoder.setByteBuffer(buffer);
        encoder.writeObject(value);
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** How many bytes the first value has; -1 when there are not enough. */
    private int read(byte[] bytes) throws AmqpValues.Fault {
        return read(bytes, names);
    }

    private static int read(byte[] bytes, AmqpNames names) throws AmqpValues.Fault {
        var in = Unpooled.wrappedBuffer(bytes);
        return new AmqpValues(names::admit, ROOM, bytes.length).read(in) ? in.readerIndex() : -1;
    }

    static Stream<Object> takesWhatProtonWrites() {
        var open = new Open();
        open.setContainerId("partner");
        open.setDesiredCapabilities(Symbol.valueOf("ANONYMOUS-RELAY"), Symbol.valueOf("DELAYED_DELIVERY"));
        open.setProperties(Map.of(Symbol.valueOf("product"), "QpidJMS", Symbol.valueOf("version"), "2.5.0"));
        var source = new Source();
        source.setAddress("hub.events::workflow");
        source.setOutcomes(Symbol.valueOf("amqp:accepted:list"), Symbol.valueOf("amqp:rejected:list"));
        source.setDefaultOutcome(Accepted.getInstance());
        source.setFilter(Map.of(
                Symbol.valueOf("jms-selector"),
                new UnknownDescribedType(UnsignedLong.valueOf(0x0000468C00000004L), "type = 'order.placed'")));
        var attach = new Attach();
        attach.setName("link");
        attach.setHandle(UnsignedInteger.ZERO);
        attach.setRole(Role.RECEIVER);
        attach.setSource(source);
        attach.setTarget(new Target());
        var header = new Header();
        header.setDurable(true);
        var properties = new Properties();
        properties.setMessageId(UUID.fromString("018f2b6e-7a10-7c3e-8e21-0a5d5f6b9c11"));
        properties.setContentType(Symbol.valueOf("application/json"));
        properties.setCreationTime(new Date(1_779_105_600_000L));
        return Stream.of(
                open,
                attach,
                header,
                properties,
                new MessageAnnotations(Map.of(Symbol.valueOf("x-opt-jms-msg-type"), (byte) 3)),
                new ApplicationProperties(new LinkedHashMap<>(Map.of("a", 1, "b", 2.5, "c", "d".repeat(300)))),
                new Data(new Binary(new byte[5_000])),
                List.of(true, List.of(), Map.of(), List.of(Map.of("deep", List.of(1L, 'x')))),
                new int[] {1, 2, 3},
                new boolean[] {true, false},
                "",
                Symbol.valueOf(""));
    }

    @ParameterizedTest
    @MethodSource
    void takesWhatProtonWrites(Object value) throws AmqpValues.Fault {
        var bytes = encoded(value);
        assertThat(read(bytes)).isEqualTo(bytes.length);
        for (var piece = 1; piece < Math.min(bytes.length, 40); piece++) {
            var values = new AmqpValues(names::admit, ROOM, bytes.length);
            for (var from = 0; from < bytes.length; from += piece) {
                var to = Math.min(bytes.length, from + piece);
                assertThat(values.read(Unpooled.wrappedBuffer(bytes, from, to - from)))
                        .isEqualTo(to == bytes.length);
            }
        }
    }

    @Test
    void readsOneValueAfterTheOther() throws AmqpValues.Fault {
        var first = encoded(List.of("a"));
        var bytes = Arrays.copyOf(first, first.length + 1);
        bytes[first.length] = 0x40;
        var in = Unpooled.wrappedBuffer(bytes);
        var values = new AmqpValues(names::admit, ROOM, Long.MAX_VALUE);
        assertThat(values.read(in)).isTrue();
        assertThat(in.readerIndex()).isEqualTo(first.length);
        assertThat(values.read(in)).isTrue();
        assertThat(in.isReadable()).isFalse();
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> refuses() {
        return Stream.of(
                arguments("too deep", latin1("\0S\u0077".repeat(17) + "@")),
                arguments("lists in lists", latin1("\u00d0\0\0\1\0\0\0\0\1".repeat(17))),
                arguments("too many values", latin1("\u00d0\0\0\3\0\0\0\2\0")),
                arguments("too many in an array", latin1("\u00f0\0\0\0\5\0\0\2\0@")),
                arguments("a count that is negative", latin1("\u00d0\0\0\0\4\u00ff\u00ff\u00ff\u00ff")),
                arguments("a size that is negative", latin1("\u00b0\u00ff\u00ff\u00ff\u00ff")),
                arguments("a size that is too small", latin1("\u00c0\1\1@")),
                arguments("a size that is too large", latin1("\u00c0\3\1@@")),
                arguments("a list in it that is larger", latin1("\u00c0\3\1\u00c0\4\1@@@")),
                arguments("text in it that is larger", latin1("\u00c0\4\1\u00a1\5abcde")),
                arguments("a key without a value", latin1("\u00c1\2\1@")),
                arguments("bytes as a key", latin1("\u00c1\5\2\u00a0\1x@")),
                arguments("a number as a key", latin1("\u00c1\4\2Cx@")),
                arguments("lists in an array", latin1("\u00e0\4\1\u00c0\1\0")),
                arguments("described values in an array", latin1("\u00e0\5\1\0Sw@")),
                arguments("a descriptor of text", latin1("\0\u00a1\1a@")),
                arguments("a described descriptor", latin1("\0\0Sw@@")),
                arguments("unknown values in an array", latin1("\u00e0\2\1F")),
                arguments("no values in an array of such", latin1("\u00e0\2\0\1")),
                arguments("a type that there is not", latin1("\u0057\0")),
                arguments("another", latin1("\u0010\0\0\0\0\0")),
                arguments("a symbol that is too long", encoded256()));
    }

    private static byte[] encoded256() {
        return latin1("\u00b3\0\0\1\0" + "x".repeat(256));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refuses(String what, byte[] bytes) {
        assertThatThrownBy(() -> read(bytes)).isInstanceOf(AmqpValues.Fault.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00c0\2\1@", "\u00e0\4\2\u00a1\0\0", "\u00e0\2\5A", "\0\u0080\0\0\0\0\0\0\0w@", "\0DE"})
    void takesWhatIsOnlyUnusual(String bytes) throws AmqpValues.Fault {
        assertThat(read(latin1(bytes))).isEqualTo(bytes.length());
    }

    @Test
    void takesSoManySymbolsOfAUserAndThenOnlyThoseThatItKnows() throws AmqpValues.Fault {
        for (var n = 0; n < AmqpNames.MAX; n++) {
            read(encoded(Symbol.valueOf("name-" + n)));
        }
        assertThatThrownBy(() -> read(encoded(Symbol.valueOf("one-too-many"))))
                .isInstanceOf(AmqpValues.Fault.class)
                .hasMessageContaining("1,024");
        assertThatThrownBy(() -> read(encoded(new UnknownDescribedType(UnsignedLong.valueOf(4_711), "x"))))
                .isInstanceOf(AmqpValues.Fault.class);
        read(encoded(Symbol.valueOf("name-0")));
        read(encoded(new Header()));
    }

    /** Where the two went ways of their own, what is looked at would not be what Proton reads. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void endsWhereProtonEnds(long seed) {
        var random = new Random(seed);
        var written = Stream.concat(
                        takesWhatProtonWrites(),
                        Stream.of(new Begin(), new Flow(), transfer(), new Disposition(), new Detach(), new Close()))
                .toList();
        var taken = 0;
        for (var n = 0; n < 20_000; n++) {
            var value = random.nextInt(3) == 0 ? written.get(random.nextInt(written.size())) : any(random, 4);
            var bytes = mutated(encoded(value), random);
            int end;
            try {
                end = read(bytes, new AmqpNames());
            } catch (AmqpValues.Fault e) {
                continue;
            }
            if (end >= 0) {
                taken += isEnd(end, bytes, decoder::readObject) ? 1 : 0;
                isEnd(end, bytes, () -> decoder.readConstructor().skipValue());
            }
        }
        assertThat(taken).isGreaterThan(5_000);
    }

    private static Transfer transfer() {
        var transfer = new Transfer();
        transfer.setHandle(UnsignedInteger.ZERO);
        transfer.setDeliveryId(UnsignedInteger.valueOf(7));
        transfer.setDeliveryTag(new Binary(new byte[4]));
        return transfer;
    }

    /** False where Proton makes nothing of it. */
    private boolean isEnd(int end, byte[] bytes, Runnable reading) {
        decoder.setByteBuffer(ByteBuffer.wrap(bytes));
        try {
            reading.run();
        } catch (RuntimeException e) {
            return false;
        }
        assertThat(decoder.getBuffer().position())
                .as("%s", Arrays.toString(bytes))
                .isEqualTo(end);
        return true;
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        var interesting = new int[] {0, 1, 2, 0x40, 0x45, 0x53, 0xa1, 0xa3, 0xc0, 0xc1, 0xd0, 0xe0, 0xf0, 0xff};
        for (var n = random.nextInt(4); n > 0; n--) {
            bytes[random.nextInt(bytes.length)] = (byte)
                    (random.nextBoolean() ? interesting[random.nextInt(interesting.length)] : random.nextInt(256));
        }
        return bytes;
    }

    private static Object any(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 14 : 9)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextLong(300);
            case 2 -> "text".repeat(random.nextInt(100));
            case 3 -> Symbol.valueOf("symbol-" + random.nextInt(10));
            case 4 -> new Binary(new byte[random.nextInt(400)]);
            case 5 -> new UUID(random.nextLong(), 1);
            case 6 -> random.nextBoolean();
            case 7 -> UnsignedInteger.valueOf(random.nextInt(300));
            case 8 -> random.ints(1 + random.nextInt(5)).boxed().toArray(Integer[]::new);
            case 9 -> new UnknownDescribedType(UnsignedLong.valueOf(200), any(random, depth - 1));
            case 10 -> new Symbol[] {Symbol.valueOf("a"), Symbol.valueOf("b")};
            case 11, 12 -> {
                var list = new ArrayList<>();
                for (var n = random.nextInt(5); n > 0; n--) {
                    list.add(any(random, depth - 1));
                }
                yield list;
            }
            default -> {
                var map = new LinkedHashMap<>();
                for (var n = random.nextInt(5); n > 0; n--) {
                    map.put("key-" + n, any(random, depth - 1));
                }
                yield map;
            }
        };
    }
}
