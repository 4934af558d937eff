package io.dovetail.codec;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The characters of a body, in a form that the tokenizer reads: it takes one UTF-16 unit at a time, so that characters
 * beyond them have stand-ins; and it takes an ISA of 106 characters, so that one whose blanks were cut gets them back.
 */
record EdiText(String units, Map<Character, String> standIns) {

    private static final int[] ISA_WIDTHS = {2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1};
    // a UNA and all of an ISA, or the beginning of a UNB as far as its sender
    private static final int HEAD = 160;
    private static final char FIRST = '\uE000';
    private static final char LAST = '\uF8FF';

    static EdiText of(byte[] raw, EdiRules rules) throws MalformedException {
        if (raw.length > JsonCodec.MAX_BYTES) {
            throw new MalformedException("The body is larger than " + JsonCodec.MAX_BYTES + " bytes.");
        }
        var start = hasMark(raw) ? 3 : 0;
        while (start < raw.length && isBlank(raw[start])) {
            start++;
        }
        if (start == raw.length) {
            throw new MalformedException(
                    "The body is empty: expected an interchange that begins with ISA, UNA or UNB.");
        }
        // its head is plain letters in every charset that is read
        var head = new String(raw, start, Math.min(raw.length - start, HEAD), StandardCharsets.ISO_8859_1);
        if (!head.startsWith("ISA") && !head.startsWith("UNA") && !head.startsWith("UNB")) {
            throw new MalformedException(
                    "The body cannot be read at line 1: an interchange begins with ISA, UNA or UNB.");
        }
        var given = rules.charset(sender(head));
        return of(EdiCharsets.decode(raw, hasMark(raw) ? 3 : 0, given == null ? EdiCharsets.of(head) : given));
    }

    static EdiText of(String text) throws MalformedException {
        return standIn(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    /** Who the first interchange says has sent it; empty where it cannot be told. */
    private static String sender(String head) {
        if (head.startsWith("ISA")) {
            return element(head, head.charAt(Math.min(3, head.length() - 1)), 6);
        }
        var isAdvised = head.startsWith("UNA") && head.length() > 9;
        var unb = isAdvised ? head.substring(9).stripLeading() : head;
        var name = element(unb, isAdvised ? head.charAt(4) : '+', 2);
        var end = name.indexOf(isAdvised ? head.charAt(3) : ':');
        return end < 0 ? name : name.substring(0, end);
    }

    private static String element(String head, char separator, int place) {
        var elements = head.split(Pattern.quote(String.valueOf(separator)), place + 2);
        return elements.length > place + 1 ? elements[place] : "";
    }

    private static boolean hasMark(byte[] raw) {
        return raw.length > 2 && raw[0] == (byte) 0xEF && raw[1] == (byte) 0xBB && raw[2] == (byte) 0xBF;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private static EdiText standIn(String text) throws MalformedException {
        var widened = widen(text);
        if (widened.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return new EdiText(widened, Map.of());
        }
        var used = new BitSet();
        widened.chars().filter(c -> c >= FIRST && c <= LAST).forEach(used::set);
        var byCharacter = new HashMap<Integer, Character>();
        var standIns = new HashMap<Character, String>();
        var units = new StringBuilder(widened.length());
        for (var i = 0; i < widened.length(); i += Character.charCount(widened.codePointAt(i))) {
            var character = widened.codePointAt(i);
            if (!Character.isSupplementaryCodePoint(character)) {
                units.append((char) character);
                continue;
            }
            var standIn = byCharacter.get(character);
            if (standIn == null) {
                var free = used.nextClearBit(FIRST);
                if (free > LAST) {
                    throw new MalformedException("The body holds too many different characters beyond U+FFFF.");
                }
                used.set(free);
                standIn = (char) free;
                byCharacter.put(character, standIn);
                standIns.put(standIn, Character.toString(character));
            }
            units.append(standIn.charValue());
        }
        return new EdiText(units.toString(), standIns);
    }

    /** A value as it was written. */
    String restored(String value) {
        if (standIns.isEmpty()) {
            return value;
        }
        var text = new StringBuilder(value.length());
        for (var i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            text.append(standIns.getOrDefault(c, String.valueOf(c)));
        }
        return text.toString();
    }

    /** Elements that are too short get their blanks back; any other ISA stays as it is. */
    private static String widen(String text) {
        var start = 0;
        while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        if (!text.startsWith("ISA", start) || text.length() < start + 20) {
            return text;
        }
        var separator = text.charAt(start + 3);
        var isa = new StringBuilder(text.substring(0, start + 4));
        var at = start + 4;
        for (var width : ISA_WIDTHS) {
            var end = text.indexOf(separator, at);
            if (end < 0 || end - at > width) {
                return text;
            }
            isa.append(text, at, end).repeat(' ', width - (end - at)).append(separator);
            at = end + 1;
        }
        return isa.append(text, at, text.length()).toString();
    }
}
