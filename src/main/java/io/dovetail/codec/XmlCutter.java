package io.dovetail.codec;

import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a document at the elements of one name: each piece is one of them, in the elements that it stands in, written
 * anew in UTF-8. Comments and whatever else stands beside the pieces is left out.
 */
public final class XmlCutter implements Cutter {

    /** What one step of the parser reads: a comment or an attribute that never ends would take all memory there is. */
    private static final class Paced extends FilterReader {

        private final long most;
        private long since;
        private long all;

        Paced(Reader in, long most) {
            super(in);
            this.most = most;
        }

        @Override
        public int read(char[] buffer, int from, int length) throws IOException {
            var read = super.read(buffer, from, length);
            since += Math.max(0, read);
            all += Math.max(0, read);
            if (since > most) {
                throw new EndlessException();
            }
            return read;
        }
    }

    private static final class EndlessException extends IOException {

        EndlessException() {
            super("endless");
        }
    }

    // more than the parser reads ahead
    private static final int AHEAD = 1 << 16;

    private final Paced paced;
    private final XMLStreamReader reader;
    private final String element;
    private final List<String> number;
    private final int most;
    private final Deque<XmlWriter> around = new ArrayDeque<>();
    private final Deque<String> names = new ArrayDeque<>();
    private long repeated;
    private int count;

    /**
     * @param element the name of what is cut out, wherever it stands, outermost first
     * @param number names from there to the element whose text is the piece's number; none: it has none
     * @param most how many bytes a piece may have
     */
    public XmlCutter(InputStream in, String element, List<String> number, int most)
            throws IOException, MalformedException {
        this.element = element;
        this.number = List.copyOf(number);
        this.most = most;
        var characters = XmlCharacters.of(in);
        this.paced = new Paced(characters.reader(), (long) most + AHEAD);
        try {
            this.reader = XmlCodec.reader(paced);
            XmlCodec.checkDeclaration(reader, characters);
        } catch (XMLStreamException e) {
            throw fault(e);
        }
    }

    @Override
    public @Nullable Piece next() throws IOException, MalformedException {
        try {
            while (reader.hasNext()) {
                switch (step()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        if (reader.getLocalName().equals(element)) {
                            count++;
                            return piece();
                        }
                        enter();
                    }
                    case XMLStreamConstants.END_ELEMENT -> {
                        around.removeLast();
                        names.removeLast();
                    }
                    case XMLStreamConstants.DTD ->
                        throw XmlFault.at(reader.getLocation(), "a DOCTYPE is refused, send the document without it");
                    default -> {
                        // what stands beside the pieces
                    }
                }
            }
            return null;
        } catch (XMLStreamException e) {
            throw fault(e);
        } catch (MalformedException e) {
            throw e;
        } catch (RuntimeException e) { // the JDK's reader meets some broken documents with an exception of its own
            throw XmlFault.at(reader.getLocation(), "not well-formed XML");
        }
    }

    private int step() throws XMLStreamException {
        paced.since = 0;
        return reader.next();
    }

    private void enter() throws MalformedException {
        if (around.size() >= JsonCodec.MAX_DEPTH) {
            throw XmlFault.at(reader.getLocation(), "deeper than " + JsonCodec.MAX_DEPTH + " levels");
        }
        var start = new XmlWriter().start(reader);
        if (around.stream().mapToLong(XmlWriter::length).sum() + start.length() > most) {
            throw XmlFault.at(reader.getLocation(), "what stands around has more than " + most + " bytes");
        }
        around.addLast(start);
        names.addLast(XmlWriter.name(reader));
    }

    /** The reader stands on the piece's start, and afterwards on its end. */
    private Piece piece() throws XMLStreamException, MalformedException {
        var out = XmlWriter.document();
        around.forEach(out::written);
        repeated += out.length();
        if (repeated > paced.all + most) {
            throw XmlFault.at(
                    reader.getLocation(),
                    "what stands around each " + element + " would be repeated to more than the document has");
        }
        var path = new ArrayList<String>();
        var said = new StringBuilder();
        out.start(reader);
        for (var depth = 1; depth > 0; ) {
            switch (step()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    depth++;
                    path.add(reader.getLocalName());
                    out.start(reader);
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    depth--;
                    out.end(XmlWriter.name(reader));
                    if (depth > 0) {
                        path.removeLast();
                    }
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                    out.text(reader.getText());
                    if (!number.isEmpty() && path.equals(number)) {
                        said.append(reader.getText());
                    }
                }
                case XMLStreamConstants.ENTITY_REFERENCE ->
                    throw XmlFault.at(reader.getLocation(), "entities other than the five of XML are refused");
                default -> {
                    // comments and processing instructions
                }
            }
            if (out.length() > most) {
                throw tooLarge();
            }
        }
        names.descendingIterator().forEachRemaining(out::end);
        var bytes = out.bytes();
        if (bytes.length > most) {
            throw tooLarge();
        }
        return new Piece(bytes, said.toString().strip());
    }

    private MalformedException tooLarge() {
        return XmlFault.at(
                reader.getLocation(),
                "the " + element + " no. " + count + " has more than " + most
                        + " bytes, and no more are taken at once");
    }

    private MalformedException fault(XMLStreamException e) throws IOException {
        var cause = e.getNestedException();
        if (cause instanceof EndlessException) {
            return XmlFault.at(e.getLocation(), "something has no end within " + most + " characters");
        }
        if (cause instanceof CharacterCodingException) {
            return XmlFault.at(e.getLocation(), "the bytes are not in the declared encoding");
        }
        if (cause instanceof XmlTags.TooManyAttributesException) {
            return XmlFault.of(e);
        }
        if (cause instanceof IOException failure) {
            throw failure;
        }
        return XmlFault.of(e);
    }
}
