package io.dovetail.codec;

import java.io.IOException;
import java.io.Reader;

/**
 * Hands a document on and counts the attributes of each of its elements, declarations of namespaces among them: the
 * JDK's parser has no limit for these, and compares each with all before it, so that 200,000 take it half a minute.
 */
final class XmlTags extends Reader {

    static final int MOST = 200;
    static final String FAULT = "an element has more than " + MOST + " attributes";

    /** It is the document's fault and not that of whoever reads it. */
    static final class TooManyAttributesException extends IOException {

        TooManyAttributesException() {
            super(FAULT);
        }
    }

    private enum Place {
        TEXT,
        /** Behind {@code <}. */
        BEGUN,
        TAG,
        QUOTED,
        /** Behind {@code <!}. */
        DECLARATION,
        COMMENT_BEGUN,
        COMMENT,
        CDATA,
        INSTRUCTION
    }

    private final Reader in;
    private Place place = Place.TEXT;
    private char quote;
    private int attributes;
    // how much of the mark is there that ends what is not read as tags
    private int ending;

    XmlTags(Reader in) {
        this.in = in;
    }

    /** @throws TooManyAttributesException for an element that has */
    @Override
    public int read(char[] buffer, int from, int length) throws IOException {
        var read = in.read(buffer, from, length);
        for (var at = from; at < from + read; at++) {
            place = behind(buffer[at]);
        }
        return read;
    }

    private Place behind(char c) throws IOException {
        return switch (place) {
            case TEXT -> c == '<' ? Place.BEGUN : Place.TEXT;
            case BEGUN ->
                switch (c) {
                    case '!' -> Place.DECLARATION;
                    case '?' -> Place.INSTRUCTION;
                    case '/' -> Place.TEXT;
                    default -> {
                        attributes = 0;
                        yield Place.TAG;
                    }
                };
            case TAG -> inTag(c);
            case QUOTED -> c == quote ? Place.TAG : Place.QUOTED;
            case DECLARATION ->
                switch (c) {
                    case '-' -> Place.COMMENT_BEGUN;
                    case '[' -> Place.CDATA;
                    default -> Place.TEXT;
                };
            case COMMENT_BEGUN -> Place.COMMENT;
            case COMMENT -> until(c, '-', 2);
            case CDATA -> until(c, ']', 2);
            case INSTRUCTION -> until(c, '?', 1);
        };
    }

    private Place inTag(char c) throws IOException {
        if (c == '=' && ++attributes > MOST) {
            throw new TooManyAttributesException();
        }
        if (c == '"' || c == '\'') {
            quote = c;
            return Place.QUOTED;
        }
        return c == '>' ? Place.TEXT : Place.TAG;
    }

    /** Until that many of the mark and {@code >}. */
    private Place until(char c, char mark, int times) {
        if (c == '>' && ending >= times) {
            ending = 0;
            return Place.TEXT;
        }
        ending = c == mark ? ending + 1 : 0;
        return place;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
