package io.dovetail.codec;

import org.jspecify.annotations.Nullable;

/**
 * A document with U+FFFD in place of each character that XML 1.0 (section 2.2) does not allow, and of each reference to
 * one, so that what is around them can be read. Lines stay what they are.
 */
final class XmlIllegal {

    private static final String INSTEAD = "\uFFFD";
    private static final int DIGITS = 8;

    private final String text;
    private @Nullable StringBuilder replaced;
    private int copied;

    private XmlIllegal(String text) {
        this.text = text;
    }

    static String replaced(String text) {
        return new XmlIllegal(text).document();
    }

    private String document() {
        // where the comment or CDATA section ends that was met last
        var literal = 0;
        for (var at = 0; at < text.length(); ) {
            var character = text.codePointAt(at);
            var end = at + Character.charCount(character);
            if (character == '<' && at >= literal) {
                literal = literal(at);
            }
            if (!isAllowed(character)) {
                replace(at, end);
            } else if (character == '&' && at >= literal) {
                var reference = reference(at);
                if (reference > at) {
                    replace(at, reference);
                    end = reference;
                }
            }
            at = end;
        }
        return replaced == null
                ? text
                : replaced.append(text, copied, text.length()).toString();
    }

    /** Where the comment or CDATA section ends that begins here, in which {@code &#31;} is text. */
    private int literal(int at) {
        if (text.startsWith("<!--", at)) {
            return end("-->", at);
        }
        return text.startsWith("<![CDATA[", at) ? end("]]>", at) : at;
    }

    private int end(String mark, int at) {
        var end = text.indexOf(mark, at);
        return end < 0 ? text.length() : end;
    }

    /** Where the reference to a character that is not allowed ends that begins here; {@code at} when none does. */
    private int reference(int at) {
        if (!text.startsWith("&#", at)) {
            return at;
        }
        var isHex = text.startsWith("x", at + 2);
        var first = at + (isHex ? 3 : 2);
        var end = first;
        var character = 0;
        while (end < text.length() && end - first < DIGITS && text.charAt(end) < 128) {
            var digit = Character.digit(text.charAt(end), isHex ? 16 : 10);
            if (digit < 0) {
                break;
            }
            character = Math.min(character * (isHex ? 16 : 10) + digit, Character.MAX_CODE_POINT + 1);
            end++;
        }
        return end > first && text.startsWith(";", end) && !isAllowed(character) ? end + 1 : at;
    }

    static boolean isAllowed(int character) {
        return character >= 0x20 && character <= 0xD7FF
                || character == '\t'
                || character == '\n'
                || character == '\r'
                || character >= 0xE000 && character <= 0xFFFD
                || character >= 0x10000 && character <= Character.MAX_CODE_POINT;
    }

    private void replace(int from, int end) {
        if (replaced == null) {
            replaced = new StringBuilder(text.length());
        }
        replaced.append(text, copied, from).append(INSTEAD);
        copied = end;
    }
}
