package io.dovetail.intake.queue;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.transport.Open;
import org.apache.qpid.proton.amqp.transport.Transfer;
import org.apache.qpid.proton.codec.AMQPDefinedTypes;
import org.apache.qpid.proton.codec.DecoderImpl;
import org.apache.qpid.proton.codec.EncoderImpl;
import org.apache.qpid.proton.codec.ReadableBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What Qpid's client hears of another broker's frames, and what comes of their messages. */
class RemoteFramesTest {

    private static final int MAX_FRAME = 8_192;
    private static final int MAX_MESSAGE = 100;
    private static final byte[] HEADER = {'A', 'M', 'Q', 'P', 0, 1, 0, 0};
    private static final byte[] HEARTBEAT = {0, 0, 0, 8, 2, 0, 0, 0};

    private final DecoderImpl decoder = new DecoderImpl();
    private final EncoderImpl encoder = new EncoderImpl(decoder);
    private final List<byte[]> heard = new ArrayList<>();
    private final Map<Long, RemoteMessage> arrived = new HashMap<>();
    private final RemoteFrames frames = new RemoteFrames(
            new AmqpNames(), MAX_FRAME, MAX_MESSAGE, arrived, frame -> heard.add(ByteBufUtil.getBytes(frame)));

    RemoteFramesTest() {
        AMQPDefinedTypes.registerAllTypes(decoder, encoder);
    }

    private byte[] encoded(Object value) {
        var buffer = ByteBuffer.allocate(MAX_FRAME);
        encoder.setByteBuffer(buffer);
        encoder.writeObject(value);
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private static byte[] frame(byte[]... parts) {
        var size = 8 + Stream.of(parts).mapToInt(part -> part.length).sum();
        var frame = ByteBuffer.allocate(size)
                .putInt(size)
                .put((byte) 2)
                .put((byte) 0)
                .putShort((short) 0);
        for (var part : parts) {
            frame.put(part);
        }
        return frame.array();
    }

    private static Transfer transfer(int handle) {
        var transfer = new Transfer();
        transfer.setHandle(UnsignedInteger.valueOf(handle));
        transfer.setDeliveryId(UnsignedInteger.ZERO);
        transfer.setDeliveryTag(new Binary(new byte[] {1}));
        return transfer;
    }

    private byte[] frame(boolean more, String payload) {
        var transfer = transfer(0);
        transfer.setMore(more);
        return frame(encoded(transfer), payload.getBytes(US_ASCII));
    }

    private void read(byte[]... pieces) throws AmqpValues.Fault {
        for (var piece : pieces) {
            frames.read(Unpooled.wrappedBuffer(piece));
        }
    }

    private void isOverAt(String why, byte[] piece) {
        assertThatExceptionOfType(AmqpValues.Fault.class)
                .isThrownBy(() -> read(piece))
                .withMessageContaining(why);
    }

    /** The number that stands in the place of a message; 0: none. */
    private long number(byte[] frame) {
        assertThat(ByteBuffer.wrap(frame).getInt()).isEqualTo(frame.length);
        var body = ByteBuffer.wrap(frame, 8, frame.length - 8);
        decoder.setByteBuffer(body);
        assertThat(decoder.readObject()).isInstanceOf(Transfer.class);
        if (!body.hasRemaining()) {
            return 0;
        }
        var message = Proton.message();
        message.decode(ReadableBuffer.ByteBufferReader.wrap(body));
        return ((Data) message.getBody()).getValue().asByteBuffer().getLong();
    }

    private String text(long number) {
        return new String(arrived.get(number).bytes(), US_ASCII);
    }

    @Test
    void hearsANumberInThePlaceOfEachMessageHoweverItsBytesAreCut() throws Exception {
        var open = new Open();
        open.setContainerId("mesh");
        var sent = List.of(
                HEADER,
                frame(encoded(open)),
                HEARTBEAT,
                frame(false, "whatever it is"),
                frame(true, "in "),
                HEARTBEAT,
                frame(true, ""),
                frame(false, "pieces"),
                frame(false, ""));
        var all = ByteBuffer.allocate(sent.stream().mapToInt(one -> one.length).sum());
        sent.forEach(all::put);
        for (var size : new int[] {1, 2, 7, all.capacity()}) {
            heard.clear();
            var before = arrived.size();
            for (var at = 0; at < all.capacity(); at += size) {
                read(Arrays.copyOfRange(all.array(), at, Math.min(at + size, all.capacity())));
            }
            assertThat(heard.subList(0, 3)).containsExactlyElementsOf(sent.subList(0, 3));
            assertThat(heard.get(5)).isEqualTo(HEARTBEAT);
            assertThat(Stream.of(3, 4, 6, 7, 8).map(heard::get).map(this::number))
                    .containsExactly(before + 1L, 0L, 0L, before + 2L, before + 3L);
            assertThat(heard).hasSize(sent.size());
            assertThat(text(before + 1L)).isEqualTo("whatever it is");
            assertThat(text(before + 2L)).isEqualTo("in pieces");
            assertThat(text(before + 3L)).isEmpty();
        }
    }

    /** The client needs all that the broker says of it, in whatever form. */
    @Test
    void changesNothingOfATransferButItsMessage() throws Exception {
        var transfer = transfer(0);
        transfer.setSettled(true);
        transfer.setMessageFormat(UnsignedInteger.ZERO);
        var performative = encoded(transfer);
        var named = new ByteBufs()
                .add(0, 0xa3, 18)
                .add("amqp:transfer:list")
                .add(performative, 3)
                .bytes();
        for (var body : List.of(performative, named)) {
            heard.clear();
            var plain = frame(body, "any".getBytes(US_ASCII));
            var extended = new ByteBufs()
                    .add(plain, 0, 8)
                    .add(1, 2, 3, 4)
                    .add(plain, 8)
                    .bytes();
            extended[3] += 4;
            extended[4] = 3;
            read(plain, extended);
            for (var frame : heard) {
                var offset = frame[4] * 4;
                assertThat(Arrays.copyOfRange(frame, offset, offset + body.length))
                        .isEqualTo(body);
                assertThat(ByteBuffer.wrap(frame).getInt()).isEqualTo(frame.length);
                assertThat(frame).hasSize(offset + body.length + 13);
            }
            assertThat(heard).hasSize(2);
        }
        assertThat(arrived.values())
                .hasSize(4)
                .allMatch(message -> new String(message.bytes(), US_ASCII).equals("any"));
    }

    private static final class ByteBufs {

        private final ByteBuf bytes = Unpooled.buffer();

        ByteBufs add(int... values) {
            for (var value : values) {
                bytes.writeByte(value);
            }
            return this;
        }

        ByteBufs add(String text) {
            bytes.writeCharSequence(text, US_ASCII);
            return this;
        }

        ByteBufs add(byte[] some, int from) {
            return add(some, from, some.length);
        }

        ByteBufs add(byte[] some, int from, int to) {
            bytes.writeBytes(some, from, to - from);
            return this;
        }

        byte[] bytes() {
            return ByteBufUtil.getBytes(bytes);
        }
    }

    @Test
    void keepsNothingOfAMessageThatIsTooLarge() throws Exception {
        read(frame(true, "x".repeat(MAX_MESSAGE)), frame(true, "y"), frame(false, "z"), frame(false, "next"));
        assertThat(arrived.get(1L))
                .isEqualTo(new RemoteMessage(
                        null,
                        MAX_MESSAGE + 2,
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256")
                                        .digest(("x".repeat(MAX_MESSAGE) + "yz").getBytes(US_ASCII)))));
        assertThat(text(2)).isEqualTo("next");
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                Arguments.of("no frame", new byte[] {0, 0, 0, 7}),
                Arguments.of("no frame", new byte[] {0, 0, 0x20, 1}),
                Arguments.of("no frame", new byte[] {0, 0, 0, 8, 1, 0, 0, 0}),
                Arguments.of("no frame", new byte[] {0, 0, 0, 8, 3, 0, 0, 0}),
                Arguments.of("more than 2 bytes", frame(new byte[] {0, 0x53})),
                Arguments.of("too early", frame(new byte[] {0})),
                Arguments.of("16 deep", frame(RemoteContentTest.section(0x10, RemoteContentTest.lists(17)))),
                Arguments.of("no transfer", frame(RemoteContentTest.section(0x14, RemoteContentTest.lists(0)))));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void hearsNoMoreOfABrokerWhoseFramesAreNone(String why, byte[] frame) {
        isOverAt(why, frame);
        assertThat(heard).isEmpty();
    }

    @Test
    void hearsNoMoreOfABrokerThatMixesMessagesOrGivesThemUp() throws Exception {
        read(frame(true, "half"));
        isOverAt("half sent", frame(encoded(transfer(1)), new byte[1]));
        var over = transfer(0);
        over.setAborted(true);
        isOverAt("given up", frame(encoded(over)));
        assertThat(heard).hasSize(1);
        assertThat(arrived).isEmpty();
    }
}
