package io.dovetail.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A new type for events that no canonical type fits: the system's own fields, in the form of the canonical language,
 * until somebody finds better words.
 */
final class OwnType {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int MOST_FIELDS = 60;
    private static final int DEEPEST = 4;
    private static final Set<String> NUMBERS_OF_DOCUMENTS =
            Set.of("id", "number", "no", "nr", "key", "code", "reference", "ref", "uuid");

    private final Kind kind;
    private final Identity identity;
    private final Set<List<String>> chosen = new HashSet<>();
    private final List<String> filled = new ArrayList<>();
    private final List<String> left = new ArrayList<>();

    private record Piece(ObjectNode schema, Say say) {}

    private OwnType(Kind kind, Identity identity) {
        this.kind = kind;
        this.identity = identity;
    }

    static Mapping of(String type, String title, Kind kind, Identity identity, Contract contract) {
        return new OwnType(kind, identity).mapping(type, title, contract);
    }

    private Mapping mapping(String type, String title, Contract contract) {
        var root = new Field(List.of(), Shape.of(kind.events()), true);
        var base = identity.isWrapped() ? identity.object() : root;
        choose(root, base);
        var piece = object(base);
        var schema = JSON.objectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", title + (kind.label().isEmpty() ? "" : ": " + kind.label()));
        schema.put(
                "description",
                "Proposed from samples of " + title + ", in its own words: no type of the canonical language fitted.");
        schema.setAll(piece.schema());
        var id = identity.objectId();
        if (id != null) {
            contract.need(id.path());
            if (id.shape().isText()) {
                contract.demand(id.path(), Target.notBlank());
            }
        }
        return new Mapping(type, (Say.Parts) piece.say(), filled, left, schema);
    }

    /** Values, those nearest to the root first, and with each the objects that it is in. */
    private void choose(Field root, Field base) {
        var fields = new ArrayList<Field>();
        for (var field : Field.of(root.shape())) {
            var items = field.shape().items();
            if (field.shape().isScalar()
                    || field.shape().isArray() && items != null && (items.isScalar() || items.isObject())) {
                fields.add(field);
            }
        }
        for (var field : fields) {
            if (field.path().equals(kind.by()) || identity.isTold(field)) {
                continue;
            }
            var saysSomething =
                    field.shape().isArray() || field.shape().texts().stream().anyMatch(text -> !text.isBlank());
            if (saysSomething
                    && field.path().size() > base.path().size()
                    && field.path().subList(0, base.path().size()).equals(base.path())
                    && filled.size() < MOST_FIELDS
                    && field.path().size() <= DEEPEST) {
                for (var i = 1; i <= field.path().size(); i++) {
                    chosen.add(field.path().subList(0, i));
                }
                filled.add(Names.dotted(field.path()));
            } else {
                left.add(Names.dotted(field.path()));
            }
        }
    }

    private Piece object(Field object) {
        var properties = JSON.objectNode();
        var required = JSON.arrayNode();
        var says = new LinkedHashMap<String, Say>();
        for (var field : object.children()) {
            var name = Names.camel(field.words());
            var piece = chosen.contains(field.path()) && !name.isEmpty() && !properties.has(name) ? piece(field) : null;
            if (piece != null) {
                properties.set(name, piece.schema());
                says.put(name, piece.say());
                if (isOnTheWayToTheId(field)) {
                    required.add(name);
                }
            } else if (chosen.contains(field.path()) && !field.shape().isObject()) {
                filled.remove(Names.dotted(field.path()));
                left.add(Names.dotted(field.path()));
            }
        }
        var schema = JSON.objectNode();
        schema.put("type", "object");
        schema.put("additionalProperties", false);
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        schema.set("properties", properties);
        return new Piece(schema, new Say.Parts(says, null));
    }

    private boolean isOnTheWayToTheId(Field field) {
        var id = identity.objectId();
        return id != null
                && id.path().size() >= field.path().size()
                && id.path().subList(0, field.path().size()).equals(field.path());
    }

    private @Nullable Piece piece(Field field) {
        if (field.shape().isObject()) {
            var inner = object(field);
            return inner.say() instanceof Say.Parts(var parts, var unless) && parts.isEmpty() ? null : inner;
        }
        var items = field.shape().items();
        if (!field.shape().isArray() || items == null) {
            return field.shape().isScalar() ? scalar(field) : null;
        }
        var item = new Field(Names.child(field.path(), Names.EACH), items, true);
        Field.below(item).stream()
                .filter(inner -> inner.path().size() <= item.path().size() + 1
                        && inner.shape().isScalar())
                .limit(MOST_FIELDS)
                .forEach(inner -> chosen.add(inner.path()));
        var element = items.isObject() ? object(item) : items.isScalar() ? scalar(item) : null;
        if (element == null || element.say() instanceof Say.Parts(var parts, var unless) && parts.isEmpty()) {
            return null;
        }
        var schema = JSON.objectNode();
        schema.put("type", "array");
        schema.set("items", element.schema());
        return new Piece(schema, new Say.Each(field.inner(), element.say()));
    }

    private @Nullable Piece scalar(Field field) {
        var shape = field.shape();
        var path = field.inner();
        var words = field.words();
        if (shape.isBoolean()) {
            return new Piece(JSON.objectNode().put("type", "boolean"), new Say.Value(path));
        }
        if (shape.scalars().stream().anyMatch(JsonNode::isBoolean)) {
            return null;
        }
        var isDocument = !words.isEmpty() && NUMBERS_OF_DOCUMENTS.contains(words.getLast());
        if (shape.isInteger() && !isDocument && !Contract.isMeasure(field.path())) {
            return new Piece(JSON.objectNode().put("type", "integer"), new Say.Value(path));
        }
        // an exponent is no decimal of the canonical language
        if (shape.isNumber() && shape.texts().stream().anyMatch(text -> text.contains("E"))) {
            return null;
        }
        if (shape.isNumber() && !isDocument) {
            return new Piece(shared("decimal"), new Say.Value(Mapping.text(path)));
        }
        if (shape.format().filter(Format.DATE_TIME::equals).isPresent()) {
            return new Piece(shared("instant"), new Say.Value(Mapping.instant(path)));
        }
        if (shape.format().filter(Format.DATE::equals).isPresent()) {
            return new Piece(shared("date"), new Say.Value(path));
        }
        return new Piece(shared("text"), new Say.Value(Mapping.text(path)));
    }

    private static ObjectNode shared(String type) {
        return JSON.objectNode().put("$ref", "../shared/types.schema.json#/$defs/" + type);
    }
}
