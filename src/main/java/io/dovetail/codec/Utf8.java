package io.dovetail.codec;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** What must be known of a text's bytes before a parser sees them: the parser accepts more than UTF-8. */
record Utf8(boolean mayHoldSurrogates) {

    /** Looks at every byte once; only a text beyond ASCII is decoded in addition, to prove that it is UTF-8. */
    static Utf8 inspect(byte[] raw, String format) throws MalformedException {
        if (raw.length > JsonCodec.MAX_BYTES) {
            throw new MalformedException("The body is larger than " + JsonCodec.MAX_BYTES + " bytes.");
        }
        var ascii = true;
        var surrogates = false;
        for (var i = 0; i < raw.length; i++) {
            var b = raw[i];
            if (b < 0) {
                ascii = false;
            } else if (b == '\\' && i + 2 < raw.length && raw[i + 1] == 'u' && (raw[i + 2] | 0x20) == 'd') {
                surrogates = true;
            } else if (b == 0 && i < 4) {
                throw new MalformedException("The body is not UTF-8: send " + format + " as UTF-8.");
            }
        }
        if (!ascii) {
            prove(raw, format);
        }
        return new Utf8(surrogates);
    }

    private static void prove(byte[] raw, String format) throws MalformedException {
        var in = ByteBuffer.wrap(raw);
        var out = CharBuffer.allocate(4096);
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        while (true) {
            var result = decoder.decode(in, out, true);
            if (result.isError()) {
                throw new MalformedException(
                        "The body is not UTF-8 " + place(raw, in.position()) + ": send " + format + " as UTF-8.");
            }
            if (result.isUnderflow()) {
                return;
            }
            out.clear();
        }
    }

    /** As people count; columns are bytes. */
    private static String place(byte[] raw, int offset) {
        var line = 1;
        var start = 0;
        for (var i = 0; i < offset; i++) {
            if (raw[i] == '\n') {
                line++;
                start = i + 1;
            }
        }
        return "at line " + line + ", column " + (offset - start + 1);
    }

    /** Whether a surrogate stands without its other half: no UTF-8 exists for such a text. */
    static boolean hasHalfPair(String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (Character.isHighSurrogate(c)) {
                if (i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return true;
                }
                i++;
            } else if (Character.isLowSurrogate(c)) {
                return true;
            }
        }
        return false;
    }
}
