package io.dovetail.relay.artemis;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.apache.qpid.proton.Proton;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins as client libraries send them, and what is none. */
class SaslInitTest {

    private static final String PLAIN = "\u00a3\5PLAIN";
    private static final String PASSWORD = "\u00a0\4\0u\0p";

    private static boolean isLogin(String body) {
        var frame = Unpooled.buffer();
        frame.writeInt(8 + body.length()).writeInt(0x02010000);
        frame.writeBytes(body.getBytes(StandardCharsets.ISO_8859_1));
        return SaslInit.isByPassword(frame);
    }

    private static String list(int count, String fields) {
        return "\0SA\u00c0" + (char) (fields.length() + 1) + (char) count + fields;
    }

    @Test
    void isWhatProtonSends() {
        var transport = Proton.transport();
        transport.sasl().client();
        transport.sasl().plain("in.partner-api", "password");
        var bytes = new byte[transport.pending()];
        transport.head().get(bytes);
        var frame = Unpooled.wrappedBuffer(bytes);
        frame.skipBytes(8); // the header
        assertThat(SaslInit.isByPassword(frame)).isTrue();
    }

    @Test
    void maySayLongWhatCouldBeSaidShort() {
        assertThat(isLogin(list(2, PLAIN + PASSWORD))).isTrue();
        assertThat(isLogin(list(3, PLAIN + PASSWORD + "@"))).isTrue();
        assertThat(isLogin(list(3, PLAIN + PASSWORD + "\u00a1\3hub"))).isTrue();
        var fields = "\u00b3\0\0\0\5PLAIN" + "\u00b0\0\0\0\4\0u\0p" + "\u00b1\0\0\0\3hub";
        assertThat(isLogin("\0\u0080\0\0\0\0\0\0\0A" + "\u00d0\0\0\0" + (char) (fields.length() + 4) + "\0\0\0\3"
                        + fields))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\0",
                "\0S@\u00c0\3\1\u00a3\0",
                "\0\u00a3\23amqp:sasl-init:list\u00c0\14\2\u00a3\5PLAIN\u00a0\4\0u\0p",
                "\0SAE",
                "\0SA\u00c0\1\0",
                "\0SA\u00c0\10\1\u00a3\5PLAIN",
                "\0SA\u00c0\11\2\u00a3\5PLAIN@",
                "\0SA\u00c0\20\2\u00a3\11ANONYMOUS\u00a0\4\0u\0p",
                "\0SA\u00c0\15\2\u00a3\6PLAIN \u00a0\4\0u\0p",
                "\0SA\u00c0\16\2\u00a1\5PLAIN\u00a0\4\0u\0p",
                "\0SA\u00c0\16\2\u00a3\5PLAIN\u00a3\4\0u\0p",
                "\0SA\u00c0\16\2\u00a3\5PLAIN\u00b0\u00ff\u00ff\u00ff\u00ff",
                "\0SA\u00c0\16\2\u00a3\5PLAIN\u00a0\77\0u\0p",
                "\0SA\u00c0\16\2\u00a3\5PLAIN\u00a0\4\0u\0p\u00a3\1x",
                "\0SA\u00d0\u00ff\u00ff\u00ff\u00ff\0\0\0\2\u00a3\5PLAIN\u00a0\4\0u\0p"
            })
    void isNothingElse(String body) {
        assertThat(isLogin(body)).isFalse();
    }

    @Test
    void hasNoMoreFieldsThanItMay() {
        assertThat(isLogin(list(1, PLAIN))).isFalse();
        assertThat(isLogin(list(3, PLAIN + PASSWORD + "\u00a3\1x"))).isFalse();
        assertThat(isLogin(list(4, PLAIN + PASSWORD + "@@"))).isFalse();
        assertThat(isLogin(list(2, PLAIN + PASSWORD) + "@")).isFalse();
    }
}
