package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.JsltException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Base64;
import java.util.zip.GZIPInputStream;

/**
 * {@code bit-at(list, index)}: 0 or 1, what a status list says of an entry (W3C Bitstring Status List 1.0; Status List 2021,
 * without the {@code u}). The list is unpacked up to the entry and never kept, so that one that unpacks without end costs no
 * memory, and little time.
 */
final class BitAt {

    static final Function FUNCTION = new Ours("bit-at", 2, BitAt::bit);

    /** 16 MiB of bits. */
    private static final int MOST = 1 << 27;

    private BitAt() {}

    private static JsonNode bit(JsonNode[] given) {
        if (!given[0].isTextual()) {
            throw new JsltException("bit-at() needs a list, which is text: GZIP in base64url");
        }
        var index = index(given[1]);
        var text = given[0].textValue();
        try {
            var packed = Base64.getUrlDecoder().decode(text.startsWith("u") ? text.substring(1) : text);
            try (var bits = new GZIPInputStream(new ByteArrayInputStream(packed))) {
                bits.skipNBytes(index / 8);
                var eight = bits.read();
                if (eight < 0) {
                    throw new JsltException("bit-at(): the list has no entry " + index);
                }
                // the first is the leftmost
                return IntNode.valueOf(eight >> (7 - index % 8) & 1);
            }
        } catch (IllegalArgumentException e) {
            throw new JsltException("bit-at(): the list is not written in base64url");
        } catch (EOFException e) {
            throw new JsltException("bit-at(): the list has no entry " + index);
        } catch (IOException e) {
            throw new JsltException("bit-at(): the list is not packed with GZIP");
        }
    }

    private static int index(JsonNode given) {
        var text = given.isTextual() || given.isIntegralNumber() ? given.asText() : "";
        if (!text.matches("0|[1-9][0-9]{0,8}") || Integer.parseInt(text) >= MOST) {
            throw new JsltException("bit-at() needs the number of an entry, from 0 to " + (MOST - 1));
        }
        return Integer.parseInt(text);
    }
}
