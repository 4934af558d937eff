package io.dovetail.codec;

import javax.xml.stream.Location;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/** Says in our words what the parser says in its own, which depend on the JDK and repeat the sender's text. */
final class XmlFault {

    private XmlFault() {}

    static MalformedException at(@Nullable Location location, String what) {
        return new MalformedException(
                location == null || location.getLineNumber() < 1
                        ? "The body cannot be read: " + what + "."
                        : "The body cannot be read at line " + location.getLineNumber() + ", column "
                                + Math.max(1, location.getColumnNumber()) + ": " + what + ".");
    }

    static MalformedException of(XMLStreamException e) {
        return at(e.getLocation(), what(String.valueOf(e.getMessage())));
    }

    private static String what(String message) {
        if (message.contains("JAXP00010002") || message.contains(XmlTags.FAULT)) {
            return XmlTags.FAULT;
        }
        if (message.contains("JAXP0001")) {
            return "a limit of size is exceeded";
        }
        // "… within the same entity" is the parser's word for the document
        if (message.contains("structures must start and end within") || message.contains("Premature end")) {
            return "it ends in the middle of the document";
        }
        if (message.contains("DOCTYPE") || message.contains("entity")) {
            return "DOCTYPE and entities are refused, send the document without them";
        }
        if (message.contains("must be followed by") || message.contains("must be terminated by")) {
            return "an element is not closed in its place";
        }
        if (message.contains("MalformedByteSequence") || message.contains("Invalid byte")) {
            return "the bytes are not in the declared encoding";
        }
        if (message.contains("invalid XML character") || message.contains("Invalid XML character")) {
            return "a character that XML does not allow";
        }
        if (message.contains("markup in the document following the root")
                || message.contains("Content is not allowed in trailing section")) {
            return "there is more after the end of the document";
        }
        if (message.contains("PrefixUnbound")) {
            return "a prefix is not declared";
        }
        if (message.contains("AttributeNotUnique") || message.contains("was already specified")) {
            return "an attribute occurs twice";
        }
        return "not well-formed XML";
    }
}
