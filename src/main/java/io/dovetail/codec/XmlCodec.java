package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * XML 1.0 without document types, as a tree: the root is a field of the tree's only object; an element with text alone
 * is a string, others are objects; attributes are fields that begin with {@code @}; text beside children is
 * {@code #text}; names lose their prefix. All values are text. Elements named in {@code repeated} are always arrays
 * (the root never is: there is one); others become one when their name comes again. An empty element is an empty
 * string; blanks between elements, comments and processing instructions are dropped. UTF-8, UTF-16 with a byte order
 * mark, ISO-8859-1, ISO-8859-15 and windows-1252 are read.
 */
public final class XmlCodec implements Codec {

    static final int MAX_ELEMENTS = 500_000;
    /** In scope at a time: the parser looks through them for each name. */
    static final int MAX_NAMESPACES = 500;

    // configured once and never changed, so that sharing it is safe: every reader gets its own copy of the settings
    private static final XMLInputFactory FACTORY = factory(true);
    private static final XMLInputFactory PORTIONS = factory(false);

    private final Set<String> repeated;
    private final boolean replacesIllegal;

    public XmlCodec(Set<String> repeated) {
        this(repeated, false);
    }

    /** @param replacesIllegal whether U+FFFD stands for a character that XML does not allow; else the document is none */
    public XmlCodec(Set<String> repeated, boolean replacesIllegal) {
        this.repeated = Set.copyOf(repeated);
        this.replacesIllegal = replacesIllegal;
    }

    private static XMLInputFactory factory(boolean wholeTexts) {
        // the JDK's own, whatever a dependency brings along
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, wholeTexts);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        // they count &amp; and its like too, which a large document may hold in any number; other entities there are
        // none
        factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "0");
        factory.setProperty("jdk.xml.totalEntitySizeLimit", "0");
        factory.setProperty("jdk.xml.elementAttributeLimit", Integer.toString(XmlTags.MOST));
        factory.setProperty("jdk.xml.maxXMLNameLimit", Integer.toString(JsonCodec.MAX_NAME));
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("external entities are refused");
        });
        return factory;
    }

    @Override
    public long treeSize(byte[] raw) {
        return TreeSize.XML.of(raw);
    }

    @Override
    public JsonNode read(byte[] raw) throws MalformedException {
        if (raw.length > JsonCodec.MAX_BYTES) {
            throw new MalformedException("The body is larger than " + JsonCodec.MAX_BYTES + " bytes.");
        }
        if (isBlank(raw)) {
            throw new MalformedException("The body is empty: expected one XML document.");
        }
        var characters = XmlCharacters.of(raw);
        XMLStreamReader reader = null;
        try {
            reader = reader(characters);
            checkDeclaration(reader, characters);
            return new XmlTree(reader, repeated).document();
        } catch (XMLStreamException e) {
            throw XmlFault.of(e);
        } catch (UncheckedIOException e) { // where the whole text is looked through before it is parsed
            throw XmlFault.of(new XMLStreamException(e.getMessage()));
        } catch (RuntimeException e) { // the JDK's reader meets some broken documents with an exception of its own
            throw XmlFault.at(reader == null ? null : reader.getLocation(), "not well-formed XML");
        }
    }

    private XMLStreamReader reader(XmlCharacters characters) throws XMLStreamException {
        return FACTORY.createXMLStreamReader(
                replacesIllegal ? new StringReader(XmlIllegal.replaced(characters.text())) : characters.reader());
    }

    /** Of a document of any length, whose text it gives in portions. */
    static XMLStreamReader reader(Reader characters) throws XMLStreamException {
        return PORTIONS.createXMLStreamReader(characters);
    }

    static void checkDeclaration(XMLStreamReader reader, XmlCharacters characters) throws MalformedException {
        var version = reader.getVersion();
        if (version != null && !version.equals("1.0")) {
            throw XmlFault.at(reader.getLocation(), "only XML 1.0 is read");
        }
        var encoding = reader.getCharacterEncodingScheme();
        if (encoding != null && !XmlCharacters.isRead(encoding)) {
            throw XmlFault.at(reader.getLocation(), "this encoding is not read, send UTF-8");
        }
        if (!characters.is(encoding)) {
            throw XmlFault.at(reader.getLocation(), "it is not in the encoding that it declares, send UTF-8");
        }
    }

    private static boolean isBlank(byte[] raw) {
        for (var b : raw) {
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean redacts() {
        return true;
    }

    @Override
    public byte[] redact(byte[] raw, List<FieldPath> paths) throws MalformedException {
        read(raw); // as strict as ever
        try {
            return new XmlRedaction(reader(XmlCharacters.of(raw)), paths)
                    .document()
                    .orElse(raw);
        } catch (XMLStreamException e) {
            throw XmlFault.of(e);
        }
    }

    @Override
    public OptionalInt line(byte[] raw, String pointer) {
        try {
            // what was parked as malformed comes here as well
            var characters = XmlCharacters.of(raw);
            var reader = reader(characters);
            checkDeclaration(reader, characters);
            while (reader.next() != XMLStreamConstants.START_ELEMENT) {
                if (reader.getEventType() == XMLStreamConstants.DTD) {
                    return OptionalInt.empty();
                }
            }
            return OptionalInt.of(XmlLines.find(reader, Pointers.segments(pointer)));
        } catch (MalformedException | XMLStreamException | RuntimeException e) {
            return OptionalInt.empty();
        }
    }
}
