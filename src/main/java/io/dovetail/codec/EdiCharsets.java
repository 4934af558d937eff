package io.dovetail.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What an interchange is written in: UNB says it, and ISA does not. */
final class EdiCharsets {

    /** The syntax identifiers of UNB (ISO 9735) and what they mean. */
    private static final Map<String, String> SYNTAX = Map.ofEntries(
            Map.entry("UNOA", "US-ASCII"),
            Map.entry("UNOB", "US-ASCII"),
            Map.entry("UNOC", "ISO-8859-1"),
            Map.entry("UNOD", "ISO-8859-2"),
            Map.entry("UNOE", "ISO-8859-5"),
            Map.entry("UNOF", "ISO-8859-7"),
            Map.entry("UNOG", "ISO-8859-3"),
            Map.entry("UNOH", "ISO-8859-4"),
            Map.entry("UNOI", "ISO-8859-6"),
            Map.entry("UNOJ", "ISO-8859-8"),
            Map.entry("UNOK", "ISO-8859-9"),
            Map.entry("UNOL", "ISO-8859-15"),
            Map.entry("UNOW", "UTF-8"),
            Map.entry("UNOY", "UTF-8"));

    private EdiCharsets() {}

    /** @param head the first characters of the body, from ISA, UNA or UNB on */
    static Charset of(String head) throws MalformedException {
        if (head.startsWith("ISA")) {
            return StandardCharsets.UTF_8;
        }
        var unb =
                head.startsWith("UNA") && head.length() > 9 ? head.substring(9).stripLeading() : head;
        var syntax = unb.startsWith("UNB") && unb.length() >= 8 ? unb.substring(4, 8) : "";
        var charset = SYNTAX.get(syntax);
        if (charset == null) {
            throw new MalformedException("The body cannot be read at line 1: UNB01 names no character set that is read,"
                    + " as UNOA, UNOC or UNOY.");
        }
        return Charset.forName(charset);
    }

    static String decode(byte[] raw, int from, Charset charset) throws MalformedException {
        var in = ByteBuffer.wrap(raw, from, raw.length - from);
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(in)
                    .toString();
        } catch (CharacterCodingException e) {
            var line = 1;
            for (var i = from; i < in.position(); i++) {
                line += raw[i] == '\n' ? 1 : 0;
            }
            throw new MalformedException("The body cannot be read at line " + line + ": a byte is not " + charset.name()
                    + ". Let the sender say in UNB what it writes, or set edi.charset in connector.yaml.");
        }
    }

    /** What an interchange of EDIFACT says that it is written in, where that is known. */
    static String syntax(EdiEnvelope interchange) {
        var syntax = interchange.text("syntax");
        return SYNTAX.containsKey(syntax) ? syntax : "UNOC";
    }

    /** What an answer to an interchange is written in, unless the connector says it. */
    static Charset of(EdiEnvelope interchange) {
        return interchange.standard() == EdiStandard.X12
                ? StandardCharsets.UTF_8
                : Charset.forName(SYNTAX.get(syntax(interchange)));
    }
}
