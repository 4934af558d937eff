package io.dovetail.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.List;
import javax.xml.stream.XMLEventFactory;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.events.XMLEvent;

/** An element's text in a document that is about to be sent. */
public final class XmlField {

    private static final XMLInputFactory IN = XMLInputFactory.newDefaultFactory();
    private static final XMLOutputFactory OUT = XMLOutputFactory.newDefaultFactory();
    private static final XMLEventFactory EVENTS = XMLEventFactory.newDefaultFactory();

    static {
        IN.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        IN.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    }

    private XmlField() {}

    /**
     * The document, in UTF-8, with a text in place of what these elements hold; the very same where there are none.
     *
     * @param way the local names that lead to them, the root's first
     * @throws XMLStreamException when it is not well-formed
     */
    public static byte[] put(List<String> way, String text, byte[] document) throws XMLStreamException {
        var out = new ByteArrayOutputStream(document.length + text.length());
        var reader = IN.createXMLEventReader(new ByteArrayInputStream(document));
        var writer = OUT.createXMLEventWriter(out, "UTF-8");
        var open = new ArrayDeque<String>();
        var found = false;
        while (reader.hasNext()) {
            var event = reader.nextEvent();
            if (event.isStartElement()) {
                open.addLast(event.asStartElement().getName().getLocalPart());
            }
            var isThere = open.size() >= way.size()
                    && List.copyOf(open).subList(0, way.size()).equals(way);
            if (isThere && open.size() == way.size() && (event.isStartElement() || event.isEndElement())) {
                if (event.isEndElement()) {
                    found = true;
                    writer.add(EVENTS.createCharacters(text));
                }
                writer.add(event);
            } else if (!isThere && event.getEventType() != XMLEvent.START_DOCUMENT) {
                // its declaration would name the encoding that the document had
                writer.add(event);
            }
            if (event.isEndElement()) {
                open.removeLast();
            }
        }
        writer.close();
        return found ? out.toByteArray() : document;
    }
}
