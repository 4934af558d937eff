package io.dovetail.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalInt;

/**
 * JSON (RFC 8259), UTF-8 only (a byte order mark is skipped); decimals are exact and keep their zeros. Refused beside
 * what RFC 8259 refuses: duplicate names, half surrogate pairs, numbers of more than 100 characters or with an exponent
 * beyond 999, names of more than 256 characters, more than a million tokens, 16 MiB.
 */
public final class JsonCodec implements Codec {

    static final int MAX_DEPTH = 64;
    static final int MAX_NUMBER = 100;
    static final int MAX_NAME = 256;
    // the most that maxBytes can say: a webhook with less is held to that before anything is parsed
    static final int MAX_BYTES = 16 * 1024 * 1024;
    static final int MAX_TOKENS = 1_000_000;
    // a decimal as short as 1e999999999 takes gigabytes as soon as anybody asks for all its digits
    private static final int MAX_EXPONENT = 999;

    // one factory: its table of names is shared by all parsers, which is what makes them fast
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER)
                    .maxNameLength(MAX_NAME)
                    .maxStringLength(MAX_BYTES)
                    .maxDocumentLength(MAX_BYTES)
                    .maxTokenCount(MAX_TOKENS)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // the default keeps its buffers by thread, and so would make new ones for each delivery's virtual thread
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .build();
    private static final ObjectWriter WRITER = new ObjectMapper(FACTORY).writer();
    private static final ObjectWriter SORTED = WRITER.with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);
    private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");
    private static final ObjectWriter PRETTY = WRITER.with(
            new DefaultPrettyPrinter(Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER))
                    .withObjectIndenter(LINES)
                    .withArrayIndenter(LINES));

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** A tree as JSON without white space. Trees that are equal give equal bytes if their fields are in the same order. */
    public static byte[] write(JsonNode tree) {
        try {
            return WRITER.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    /** The same with all fields in the order of their names: trees that are equal give equal bytes. */
    public static byte[] writeSorted(JsonNode tree) {
        try {
            return SORTED.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    /** The same as people write it. */
    public static String pretty(JsonNode tree) {
        try {
            return PRETTY.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    @Override
    public long treeSize(byte[] raw) {
        return TreeSize.JSON.of(raw);
    }

    @Override
    public JsonNode read(byte[] raw) throws MalformedException {
        var text = Utf8.inspect(raw, "JSON");
        try (var parser = FACTORY.createParser(raw)) {
            if (parser.nextToken() == null) {
                throw new MalformedException("The body is empty: expected one JSON value.");
            }
            var tree = new Reading(parser, text.mayHoldSurrogates()).value();
            if (parser.nextToken() != null) {
                throw JsonFault.at(parser.currentTokenLocation(), "there is more after the end of the JSON value");
            }
            return tree;
        } catch (IOException e) {
            throw JsonFault.of(e);
        }
    }

    @Override
    public OptionalInt line(byte[] raw, String pointer) {
        try (var parser = FACTORY.createParser(raw)) {
            parser.nextToken();
            return OptionalInt.of(JsonLines.find(parser, Pointers.segments(pointer)));
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    @Override
    public byte[] rewrite(byte[] raw, JsonNode tree) {
        return write(tree);
    }

    @Override
    public boolean redacts() {
        return true;
    }

    @Override
    public byte[] redact(byte[] raw, List<FieldPath> paths) throws MalformedException {
        var tree = read(raw);
        var found = false;
        for (var path : paths) {
            found |= path.overwrite(tree);
        }
        return found ? write(tree) : raw;
    }

    /** One document on its way into a tree. */
    private record Reading(JsonParser parser, boolean checkSurrogates) {

        JsonNode value() throws IOException, MalformedException {
            var token = parser.currentToken();
            return switch (token) {
                case START_OBJECT -> object();
                case START_ARRAY -> array();
                case VALUE_STRING -> NODES.textNode(text(parser.getText()));
                case VALUE_NUMBER_INT -> integer();
                case VALUE_NUMBER_FLOAT -> decimal();
                case VALUE_TRUE -> NODES.booleanNode(true);
                case VALUE_FALSE -> NODES.booleanNode(false);
                case VALUE_NULL -> NODES.nullNode();
                default -> throw JsonFault.at(parser.currentTokenLocation(), "not well-formed JSON");
            };
        }

        private JsonNode object() throws IOException, MalformedException {
            var object = NODES.objectNode();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var name = text(parser.currentName());
                var location = parser.currentTokenLocation();
                parser.nextToken();
                // costs nothing here; the parser's own detection keeps a second set of names
                if (object.replace(name, value()) != null) {
                    throw JsonFault.at(location, "the name '" + JsonFault.shown(name) + "' occurs twice in one object");
                }
            }
            return object;
        }

        private JsonNode array() throws IOException, MalformedException {
            var array = NODES.arrayNode();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(value());
            }
            return array;
        }

        private JsonNode integer() throws IOException {
            return switch (parser.getNumberType()) {
                case INT -> NODES.numberNode(parser.getIntValue());
                case LONG -> NODES.numberNode(parser.getLongValue());
                default -> NODES.numberNode(parser.getBigIntegerValue());
            };
        }

        private JsonNode decimal() throws IOException, MalformedException {
            BigDecimal number;
            try {
                number = new BigDecimal(parser.getText());
            } catch (NumberFormatException e) { // the exponent does not fit an int
                throw tooLarge();
            }
            if (Math.abs((long) number.scale()) > MAX_EXPONENT + MAX_NUMBER) {
                throw tooLarge();
            }
            // not by the node factory, which would strip the zeros of 1.50
            return DecimalNode.valueOf(number);
        }

        private MalformedException tooLarge() {
            return JsonFault.at(parser.currentTokenLocation(), "a number has an exponent beyond " + MAX_EXPONENT);
        }

        private String text(String text) throws MalformedException {
            if (checkSurrogates && Utf8.hasHalfPair(text)) {
                throw JsonFault.at(
                        parser.currentTokenLocation(),
                        "a \\u escape is half of a surrogate pair, which is no character");
            }
            return text;
        }
    }
}
