package io.dovetail.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BitAtTest {

    private static String list(byte[] bits) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bits);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(packed.toByteArray());
    }

    private static int bit(String list, String index) {
        var given = JsonNodeFactory.instance.objectNode().put("list", list);
        return Expression.compile("bit-at(.list, " + index + ")", "test")
                .apply(given, Map.of())
                .intValue();
    }

    @Test
    void countsFromTheLeft() throws IOException {
        var bits = new byte[16 * 1024];
        bits[0] = (byte) 0b1000_0000;
        bits[16 * 1024 - 1] = 1;
        assertThat(bit("u" + list(bits), "0")).isOne();
        assertThat(bit("u" + list(bits), "\"1\"")).isZero();
        // as lists of 2021 have it
        assertThat(bit(list(bits), "131071")).isOne();
        assertThat(bit(list(bits), "131070")).isZero();
    }

    /** A bit that is not there is not 0. */
    @Test
    void saysNothingOfWhatTheListHasNot() throws IOException {
        var list = list(new byte[2]);
        assertThatThrownBy(() -> bit(list, "16")).hasMessageContaining("has no entry 16");
        assertThatThrownBy(() -> bit(list, "1000")).hasMessageContaining("has no entry 1000");
        assertThatThrownBy(() -> bit(list.substring(0, 12), "8")).hasMessageContaining("entry 8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "\"01\"", "null", "134217728", "99999999999", "\"x\""})
    void knowsWhatIsNoNumberOfAnEntry(String index) throws IOException {
        var list = list(new byte[2]);
        assertThatThrownBy(() -> bit(list, index)).hasMessageContaining("needs the number of an entry");
    }

    @ParameterizedTest
    @ValueSource(strings = {"u", "%", "e30", "uH4sIAAAAAAAA"})
    void takesNothingElseForAList(String list) {
        assertThatThrownBy(() -> bit(list, "0")).isInstanceOf(ExpressionException.class);
    }
}
