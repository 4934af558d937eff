package io.dovetail.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;

/** Finds the line of a node by walking down to it. */
final class JsonLines {

    private JsonLines() {}

    /** The line of the node, or of its nearest ancestor; the parser stands on the document's first token. */
    static int find(JsonParser parser, List<String> segments) throws IOException {
        var line = parser.currentTokenLocation().getLineNr();
        for (var segment : segments) {
            var found = parser.currentToken() == JsonToken.START_OBJECT
                    ? field(parser, segment)
                    : parser.currentToken() == JsonToken.START_ARRAY && element(parser, segment);
            if (!found) {
                return line;
            }
            line = parser.currentTokenLocation().getLineNr();
        }
        return line;
    }

    private static boolean field(JsonParser parser, String name) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var found = parser.currentName().equals(name);
            parser.nextToken();
            if (found) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static boolean element(JsonParser parser, String index) throws IOException {
        for (var i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            if (Integer.toString(i).equals(index)) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }
}
