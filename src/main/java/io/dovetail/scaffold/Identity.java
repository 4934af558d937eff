package io.dovetail.scaffold;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What tells one event from another, and what it is about.
 *
 * @param object where the business object stands in the event; the root where it is the event itself
 * @param objectId the object's own id; null where none looks like it
 * @param called what people call the object, its number or key, or else its id
 * @param eventId the event's own id; null where none looks like it
 * @param moment when it happened; null where no field says so for certain
 * @param id the rule's expression
 * @param reads the fields that the rule's expressions cannot do without
 * @param keys what operators search by
 * @param isWrapped whether the object stands in what only wraps it, as {@code data}
 * @param told why the id is this, for a person to judge
 */
record Identity(
        Field object,
        @Nullable Field objectId,
        @Nullable Field called,
        @Nullable Field eventId,
        @Nullable Moment moment,
        String id,
        List<Field> reads,
        Map<String, Field> keys,
        boolean isWrapped,
        String told) {

    private static final List<String> LAST = List.of("id", "number", "key", "code", "reference", "ref");
    private static final Set<String> OF_THE_EVENT =
            Set.of("event", "message", "delivery", "webhook", "notification", "request", "transaction", "correlation");
    private static final Set<String> ENVELOPES =
            Set.of("data", "payload", "object", "resource", "body", "record", "entity", "detail", "content");
    private static final String CONTENT = "sha256-hex(to-json(.))";
    private static final int FOREIGN = 20;
    private static final int MOST_KEYS = 4;

    static Identity of(Kind kind) {
        var root = new Field(List.of(), Shape.of(kind.events()), true);
        var nouns = new HashSet<>(Vocabulary.common(
                kind.words().stream().filter(word -> !Vocabulary.isVerb(word)).toList()));
        var object = object(root, nouns);
        var objectId = objectId(object, nouns);
        var called = called(object, nouns).or(() -> objectId);
        var eventId = eventId(root, object, objectId.orElse(null));
        var moment = Moment.of(root, object, kind.words());
        var isCloudEvent = root.shape().hasAlways("specversion") && root.shape().hasAlways("source");
        var reads = new ArrayList<Field>();
        objectId.ifPresent(reads::add);
        String id;
        String told;
        if (isCloudEvent && eventId.isPresent()) {
            id = ".source + \" \" + " + eventId.get().jslt();
            told = "a CloudEvent is known by its source and its id";
            reads.add(eventId.get());
        } else if (eventId.isPresent()) {
            id = eventId.get().jslt();
            told = eventId.get().shape().seen() > 1
                    ? "differs in all samples"
                    : "by its name; one sample does not tell whether it differs";
            reads.add(eventId.get());
        } else if (objectId.isPresent()) {
            var field = objectId.get();
            var parts = new ArrayList<String>();
            if (kind.by() != null && !kind.label().isEmpty()) {
                parts.add(Names.quoted(kind.label() + ":"));
            }
            parts.add(field.jslt());
            var isOnce = Vocabulary.isBeginning(kind.words()) && field.isDistinct();
            if (isOnce) {
                told = "once for each object";
            } else if (moment.isPresent()) {
                parts.add("\":\"");
                parts.add(moment.get().field().jslt());
                reads.add(moment.get().field());
                told = "an object's id and its change's time, since the object comes again";
            } else {
                parts.add("\":\"");
                parts.add(CONTENT);
                told = "an object's id and what is said of it: the same again is a repetition";
            }
            var values = parts.stream().filter(part -> part.startsWith(".")).toList();
            id = parts.size() == 1
                    ? field.jslt()
                    : "if (" + String.join(" and ", values) + ") " + String.join(" + ", parts);
        } else {
            id = CONTENT;
            told = "no field tells one event from another: the same content is a repetition";
        }
        return new Identity(
                object,
                objectId.orElse(null),
                called.orElse(null),
                eventId.orElse(null),
                moment.orElse(null),
                id,
                List.copyOf(reads),
                keys(object, objectId, called, nouns),
                isWrapped(root, object),
                told);
    }

    private static boolean isWrapped(Field root, Field object) {
        return !object.path().isEmpty()
                && (object.path().size() == 1 && root.shape().fields().size() == 1
                        || object.path().stream().allMatch(name -> isEnvelope(Names.words(name))));
    }

    private static boolean isEnvelope(List<String> words) {
        return ENVELOPES.contains(String.join(" ", words));
    }

    /** Whether a field is told around the event's data: its id, and when it happened. */
    boolean isTold(Field field) {
        return eventId != null && eventId.path().equals(field.path())
                || moment != null
                        && field.path().size() == 1
                        && moment.field().path().equals(field.path());
    }

    /** The object that is named as the kind is, or that has an id, or that stands in an envelope. */
    private static Field object(Field root, Set<String> nouns) {
        var best = root;
        var most = objectId(root, nouns).isPresent() ? 20 : 0;
        for (var field : Field.of(root.shape())) {
            if (field.always() && field.shape().isObject() && field.path().size() <= 3) {
                var score = (objectId(field, nouns).isPresent() ? 20 : 0)
                        + (!field.words().isEmpty() && nouns.containsAll(Vocabulary.common(field.words())) ? 40 : 0)
                        + (isEnvelope(field.words()) ? 15 : 0)
                        - 2 * field.path().size();
                if (score > most) {
                    best = field;
                    most = score;
                }
            }
        }
        return best;
    }

    private static Optional<Field> objectId(Field object, Set<String> nouns) {
        var isInside = !object.path().isEmpty() && !isEnvelope(object.words());
        return object.children().stream()
                .filter(Field::isIdentifying)
                .filter(field ->
                        rank(field, object, nouns) < FOREIGN || !isInside && rank(field, object, nouns) < 2 * FOREIGN)
                .min(Comparator.comparingInt(field -> rank(field, object, nouns)));
    }

    /** The number or key that is no mere id. */
    private static Optional<Field> called(Field object, Set<String> nouns) {
        return object.children().stream()
                .filter(Field::isIdentifying)
                .filter(field -> rank(field, object, nouns) < FOREIGN
                        && !Vocabulary.common(field.words()).getLast().equals("id"))
                .min(Comparator.comparingInt(field -> rank(field, object, nouns)));
    }

    /** Lower is likelier; those of other objects are {@link #FOREIGN}, those of none above. */
    private static int rank(Field field, Field object, Set<String> nouns) {
        var words = Vocabulary.common(field.words());
        if (words.isEmpty() || !LAST.contains(words.getLast())) {
            return 2 * FOREIGN;
        }
        var rank = LAST.indexOf(words.getLast());
        var of = words.subList(0, words.size() - 1);
        if (of.stream().anyMatch(OF_THE_EVENT::contains)) {
            return 2 * FOREIGN;
        }
        if (of.isEmpty() && object.path().isEmpty() && !nouns.isEmpty() && isUuid(field)) {
            return 2 * FOREIGN;
        }
        if (of.isEmpty()) {
            // the id of an event stands at its root, beside what the event is about
            return object.path().isEmpty() && !nouns.isEmpty() ? rank + LAST.size() : rank;
        }
        var isOwn = nouns.containsAll(of) || Vocabulary.common(object.words()).containsAll(of);
        return isOwn ? rank : rank + FOREIGN;
    }

    /** Systems number what they keep, and make up a UUID for what they tell. */
    private static boolean isUuid(Field field) {
        return field.words().equals(List.of("uuid")) || field.words().equals(List.of("guid"));
    }

    private static Optional<Field> eventId(Field root, Field object, @Nullable Field objectId) {
        return Field.of(root.shape()).stream()
                .filter(field -> field.path().size() <= 2 && field.isIdentifying() && field.isDistinct())
                .filter(field -> objectId == null || !field.path().equals(objectId.path()))
                .filter(field -> {
                    var words = Vocabulary.common(field.words());
                    var isId = !words.isEmpty() && words.getLast().equals("id");
                    var of = isId ? words.subList(0, words.size() - 1) : words;
                    return isId
                            && (of.isEmpty()
                                    ? field.path().size() == 1
                                            && (!object.path().isEmpty() || objectId != null || isUuid(field))
                                    : OF_THE_EVENT.containsAll(of));
                })
                .findFirst();
    }

    private static Map<String, Field> keys(
            Field object, Optional<Field> objectId, Optional<Field> called, Set<String> nouns) {
        var keys = new LinkedHashMap<String, Field>();
        called.ifPresent(field -> put(keys, keyName(field, object, nouns), field));
        for (var field : object.children()) {
            var words = Vocabulary.common(field.words());
            if (field.isIdentifying() && rank(field, object, nouns) / FOREIGN == 1) {
                put(keys, Names.camel(field.words().subList(0, words.size() - 1)), field);
            } else if (field.always() && field.shape().isObject() && !isEnvelope(field.words())) {
                objectId(field, Set.of()).ifPresent(inner -> put(keys, Names.camel(field.words()), inner));
            }
        }
        if (keys.isEmpty()) {
            objectId.ifPresent(field -> put(keys, keyName(field, object, nouns), field));
        }
        return keys;
    }

    private static String keyName(Field field, Field object, Set<String> nouns) {
        var of = field.words().subList(0, field.words().size() - 1);
        if (!of.isEmpty()) {
            return Names.camel(of);
        }
        if (!object.path().isEmpty() && !isEnvelope(object.words())) {
            return Names.camel(object.words());
        }
        return nouns.size() == 1 ? Names.camel(List.copyOf(nouns)) : Names.camel(field.words());
    }

    private static void put(Map<String, Field> keys, String name, Field field) {
        if (keys.size() < MOST_KEYS && name.matches("[a-z][A-Za-z0-9]{0,39}")) {
            keys.putIfAbsent(name, field);
        }
    }
}
