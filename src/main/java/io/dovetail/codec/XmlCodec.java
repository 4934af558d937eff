package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalInt;
import java.util.Set;

/**
 * XML 1.0 without document types, as a tree: the root is a field of the tree's only object; an element with text alone
 * is a string, others are objects; attributes are fields that begin with {@code @}; text beside children is
 * {@code #text}; names lose their prefix. All values are text. Elements named in {@code repeated} are always arrays.
 */
public final class XmlCodec implements Codec {

    public XmlCodec(Set<String> repeated) {}

    @Override
    public JsonNode read(byte[] raw) throws MalformedException {
        throw new UnsupportedOperationException();
    }

    @Override
    public OptionalInt line(byte[] raw, String pointer) {
        throw new UnsupportedOperationException();
    }
}
