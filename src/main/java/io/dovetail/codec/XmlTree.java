package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Set;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** One XML document on its way into a tree. */
final class XmlTree {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final XMLStreamReader reader;
    private final Set<String> repeated;
    private int elements;
    private int namespaces;

    XmlTree(XMLStreamReader reader, Set<String> repeated) {
        this.reader = reader;
        this.repeated = repeated;
    }

    JsonNode document() throws XMLStreamException, MalformedException {
        var tree = NODES.objectNode();
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    var name = reader.getLocalName();
                    tree.set(name, element(1));
                }
                case XMLStreamConstants.DTD ->
                    throw XmlFault.at(reader.getLocation(), "a DOCTYPE is refused, send the document without it");
                default -> {
                    // comments, processing instructions and blanks around the root say nothing
                }
            }
        }
        return tree;
    }

    /** The reader stands on the element's start, and afterwards on its end. */
    private JsonNode element(int depth) throws XMLStreamException, MalformedException {
        if (depth > JsonCodec.MAX_DEPTH) {
            throw XmlFault.at(reader.getLocation(), "deeper than " + JsonCodec.MAX_DEPTH + " levels");
        }
        elements += 1 + reader.getAttributeCount();
        if (elements > XmlCodec.MAX_ELEMENTS) {
            throw XmlFault.at(reader.getLocation(), "more than " + XmlCodec.MAX_ELEMENTS + " elements and attributes");
        }
        var declared = reader.getNamespaceCount();
        namespaces += declared;
        if (namespaces > XmlCodec.MAX_NAMESPACES) {
            throw XmlFault.at(
                    reader.getLocation(), "more than " + XmlCodec.MAX_NAMESPACES + " namespaces in elements around it");
        }
        var object = attributes();
        var hasChildren = false;
        var text = "";
        // comments part a text: all of it copied for each part would be quadratic
        StringBuilder parts = null;
        while (reader.next() != XMLStreamConstants.END_ELEMENT) {
            switch (reader.getEventType()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    object = object == null ? NODES.objectNode() : object;
                    hasChildren = true;
                    var name = reader.getLocalName();
                    add(object, name, element(depth + 1));
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                    if (text.isEmpty()) {
                        text = reader.getText();
                    } else {
                        parts = parts == null ? new StringBuilder(text) : parts;
                        parts.append(reader.getText());
                    }
                }
                case XMLStreamConstants.ENTITY_REFERENCE ->
                    throw XmlFault.at(reader.getLocation(), "entities other than the five of XML are refused");
                default -> {
                    // comments and processing instructions
                }
            }
        }
        namespaces -= declared;
        text = parts == null ? text : parts.toString();
        if (object == null) {
            return TextNode.valueOf(text);
        }
        if (!hasChildren && !text.isEmpty()) {
            object.put("#text", text);
        } else if (!text.isBlank()) {
            object.put("#text", text.strip());
        }
        return object;
    }

    private @Nullable ObjectNode attributes() throws MalformedException {
        var count = reader.getAttributeCount();
        if (count == 0) {
            return null;
        }
        var object = NODES.objectNode();
        for (var i = 0; i < count; i++) {
            var value = TextNode.valueOf(reader.getAttributeValue(i));
            if (object.replace("@" + reader.getAttributeLocalName(i), value) != null) {
                throw XmlFault.at(reader.getLocation(), "two attributes differ in their prefix alone");
            }
        }
        return object;
    }

    private void add(ObjectNode parent, String name, JsonNode value) {
        var present = parent.get(name);
        if (present instanceof ArrayNode array) {
            array.add(value);
        } else if (present != null) {
            parent.set(name, NODES.arrayNode().add(present).add(value));
        } else if (repeated.contains(name)) {
            parent.set(name, NODES.arrayNode().add(value));
        } else {
            parent.set(name, value);
        }
    }
}
