package io.dovetail.codec;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * In which characters an XML document is written, known before a parser sees it. The JDK's would print a line of its own
 * to standard error about bytes that it cannot read, in whatever encoding it guesses, so it is given characters alone.
 *
 * @param reader of the whole document, once; it refuses elements with more attributes than {@link XmlTags} allows
 */
record XmlCharacters(Reader reader, Charset charset) {

    private static final Map<String, Charset> READ = Map.of(
            "UTF-8", StandardCharsets.UTF_8,
            "UTF-16", StandardCharsets.UTF_16,
            "ISO-8859-1", StandardCharsets.ISO_8859_1,
            "ISO-8859-15", Charset.forName("ISO-8859-15"),
            "WINDOWS-1252", Charset.forName("windows-1252"));
    private static final int DECLARATION = 400;
    private static final Pattern DECLARED =
            Pattern.compile("<\\?xml\\s+version\\s*=\\s*[\"'][^\"']*[\"']\\s+encoding\\s*=\\s*[\"']([^\"']*)[\"']");

    XmlCharacters {
        reader = new XmlTags(reader);
    }

    /**
     * By the mark, or else by the declaration; in UTF-8 where that is none or none that is read, which the parser then
     * finds in its place.
     */
    static XmlCharacters of(byte[] raw) throws MalformedException {
        if (begins(raw, 0xFE, 0xFF) || begins(raw, 0xFF, 0xFE)) {
            return utf16(raw);
        }
        var mark = begins(raw, 0xEF, 0xBB, 0xBF) ? 3 : 0;
        var charset = mark > 0 ? StandardCharsets.UTF_8 : declared(raw);
        if (charset.equals(StandardCharsets.UTF_8)) {
            Utf8.inspect(raw, "XML");
        }
        return new XmlCharacters(
                new InputStreamReader(new ByteArrayInputStream(raw, mark, raw.length - mark), charset), charset);
    }

    /**
     * The same of a document of any length. What is not in its charset shows when it is read, as a
     * {@link CharacterCodingException}.
     */
    static XmlCharacters of(InputStream stream) throws IOException {
        var in = new BufferedInputStream(stream, 1 << 16);
        in.mark(DECLARATION);
        var head = in.readNBytes(DECLARATION);
        in.reset();
        var isUtf16 = begins(head, 0xFE, 0xFF) || begins(head, 0xFF, 0xFE);
        var isMarked = begins(head, 0xEF, 0xBB, 0xBF);
        if (isMarked) {
            in.skipNBytes(3);
        }
        var charset = isUtf16 ? StandardCharsets.UTF_16 : isMarked ? StandardCharsets.UTF_8 : declared(head);
        var decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        return new XmlCharacters(new InputStreamReader(in, decoder), charset);
    }

    private static boolean begins(byte[] raw, int... mark) {
        for (var i = 0; i < mark.length; i++) {
            if (raw.length <= i || raw[i] != (byte) mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static XmlCharacters utf16(byte[] raw) throws MalformedException {
        try {
            // says of everything that is none that it is none; the parser's reader would put another character there
            StandardCharsets.UTF_16.newDecoder().decode(ByteBuffer.wrap(raw));
            // which takes the mark away by itself
            return new XmlCharacters(
                    new InputStreamReader(new ByteArrayInputStream(raw), StandardCharsets.UTF_16),
                    StandardCharsets.UTF_16);
        } catch (CharacterCodingException e) {
            throw new MalformedException("The body is not UTF-16, as its byte order mark says: send XML as UTF-8.");
        }
    }

    private static Charset declared(byte[] raw) {
        var head = DECLARED.matcher(new String(raw, 0, Math.min(raw.length, DECLARATION), StandardCharsets.ISO_8859_1));
        var charset = head.lookingAt() ? READ.get(head.group(1).toUpperCase(Locale.ROOT)) : null;
        // without a mark it is none
        return charset == null || charset.equals(StandardCharsets.UTF_16) ? StandardCharsets.UTF_8 : charset;
    }

    /** The whole document instead of its reader. */
    String text() {
        var text = new StringWriter();
        try {
            reader.transferTo(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static boolean isRead(String encoding) {
        return READ.containsKey(encoding.toUpperCase(Locale.ROOT));
    }

    /** Whether it says of itself what it is. */
    boolean is(@Nullable String declared) {
        return declared == null || charset.equals(READ.get(declared.toUpperCase(Locale.ROOT)));
    }
}
