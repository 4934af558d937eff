package io.dovetail.scaffold;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Fills a canonical type that there is with the fields that fit by their names and by all their values. */
final class Filling {

    private static final Set<String> AROUND_TIMES = Set.of("at", "on", "date", "time");

    /** Objects that are there to hold the others. */
    private static final Set<String> WRAPPERS = Set.of("fields", "attributes", "details", "properties", "header");

    private final Kind kind;
    private final Field root;
    private final Identity identity;
    private final Contract contract;
    private final Set<String> family;
    private final List<String> missing = new ArrayList<>();

    private Filling(String type, Kind kind, Identity identity, Contract contract) {
        this.kind = kind;
        this.root = new Field(List.of(), Shape.of(kind.events()), true);
        this.identity = identity;
        this.contract = contract;
        this.family = new HashSet<>(Vocabulary.common(Names.words(type.substring(0, type.indexOf('.')))));
        family.addAll(Vocabulary.common(identity.object().words()));
    }

    /**
     * The mapping to this type, and what the contract has to say for it.
     *
     * @throws MissingException when nothing fits what the type requires
     */
    static Mapping of(String type, Target target, Kind kind, Identity identity, Contract contract)
            throws MissingException {
        var filling = new Filling(type, kind, identity, contract);
        var data = filling.data(target);
        var open = target.properties().keySet().stream()
                .filter(name -> !data.parts().containsKey(name))
                .toList();
        return new Mapping(type, data, List.copyOf(data.parts().keySet()), open, null);
    }

    private Say.Parts data(Target target) throws MissingException {
        var says = new LinkedHashMap<String, Say>();
        var required = target.required();
        target.properties().forEach((name, part) -> {
            var say = say(name, part, identity.object(), family, required.contains(name));
            if (say != null) {
                says.put(name, say);
            } else if (required.contains(name)) {
                missing.add(name);
            }
        });
        if (!missing.isEmpty()) {
            throw new MissingException(missing);
        }
        return new Say.Parts(says, null);
    }

    private @Nullable Say say(String name, Target target, Field object, Set<String> names, boolean isRequired) {
        var words = Names.words(name);
        var fitting = new ArrayList<>(candidates(object).stream()
                .filter(field -> score(words, field, object, names, target) > 0)
                .sorted(Comparator.comparingInt((Field field) -> score(words, field, object, names, target))
                        .reversed())
                .toList());
        if (isRequired && isIdentity(words) && identity.objectId() != null) {
            fitting.add(identity.objectId());
        }
        for (var field : fitting) {
            var say = say(target, field, isRequired);
            if (say != null) {
                if (say instanceof Say.Value) {
                    demand(field, target, isRequired);
                }
                return say;
            }
        }
        return null;
    }

    private boolean isIdentity(List<String> words) {
        var last = Vocabulary.common(words).getLast();
        return last.equals("id") || last.equals("number");
    }

    /** Those of the object, of what holds them in it, and, for the business object, those at the root. */
    private List<Field> candidates(Field object) {
        var candidates = new ArrayList<>(object.children());
        object.children().stream()
                .filter(field -> WRAPPERS.contains(field.name().toLowerCase(Locale.ROOT)))
                .forEach(field -> candidates.addAll(field.children()));
        if (!object.path().isEmpty() && object == identity.object()) {
            root.children().stream()
                    .filter(field -> !object.path().getFirst().equals(field.name()))
                    .filter(field -> !field.words().equals(List.of("id")))
                    .forEach(candidates::add);
        }
        candidates.removeIf(field -> field.path().equals(kind.by())
                || identity.eventId() != null
                        && field.path().equals(identity.eventId().path()));
        return candidates;
    }

    private int score(List<String> target, Field field, Field object, Set<String> names, Target place) {
        var wanted = Vocabulary.common(target);
        var said = Vocabulary.common(field.words());
        var near = field.path().size() > object.path().size()
                        && field.path().subList(0, object.path().size()).equals(object.path())
                ? 1
                : 0;
        if (target.equals(field.words())) {
            return 20 + near;
        }
        if (wanted.equals(said)) {
            return 16 + near;
        }
        var wantedRest = without(names, wanted);
        var saidRest = without(names, said);
        if (!wantedRest.isEmpty() && wantedRest.equals(saidRest)) {
            return 12 + near;
        }
        if (place.isMoment()
                || place.takes(field.shape()) && field.shape().format().isPresent()) {
            var wantedTime = without(AROUND_TIMES, wantedRest);
            if (!wantedTime.isEmpty() && wantedTime.equals(without(AROUND_TIMES, saidRest))) {
                return 8 + near;
            }
        }
        // a line's own number, in a line
        if (wantedRest.isEmpty() && (said.equals(List.of("number")) || said.equals(List.of("id")))) {
            return 6;
        }
        // an object's key is what people call it
        if (wantedRest.equals(List.of("key"))
                && identity.called() != null
                && field.path().equals(identity.called().path())) {
            return 4;
        }
        return 0;
    }

    private static List<String> without(Set<String> some, List<String> words) {
        return words.stream().filter(word -> !some.contains(word)).toList();
    }

    private @Nullable Say say(Target target, Field field, boolean isRequired) {
        if (target.isObject()) {
            return field.shape().isObject() ? parts(target, field, isRequired) : part(target, field, isRequired);
        }
        if (target.isArray()) {
            return list(target, field, isRequired);
        }
        if (!target.takes(field.shape())
                || isRequired && (!field.always() || field.shape().hasBlank())) {
            return null;
        }
        return new Say.Value(value(target, field));
    }

    private static String value(Target target, Field field) {
        var path = field.inner();
        return target.isMoment() ? Mapping.instant(path) : target.isText() ? Mapping.text(path) : path;
    }

    private void demand(Field field, Target target, boolean isRequired) {
        var demands = target.demands();
        if (isRequired) {
            contract.need(field.path());
            if (demands.isEmpty() && field.shape().isText()) {
                demands = Target.notBlank();
            }
        }
        if (!demands.isEmpty() && field.shape().isText()) {
            contract.demand(field.path(), demands);
        }
    }

    private @Nullable Say parts(Target target, Field field, boolean isRequired) {
        var names = new HashSet<>(Vocabulary.common(field.words()));
        var says = new LinkedHashMap<String, Say>();
        var inner = target.required();
        String unless = null;
        for (var property : target.properties().entrySet()) {
            var say = say(property.getKey(), property.getValue(), field, names, false);
            if (say != null) {
                says.put(property.getKey(), say);
            }
        }
        for (var name : inner) {
            if (!(says.get(name) instanceof Say.Value(var expression)) || unless != null) {
                return null;
            }
            unless = expression;
        }
        return says.isEmpty() || isRequired ? null : new Say.Parts(says, unless);
    }

    /** A single value where the language has an object: an amount beside its currency, somebody by name. */
    private @Nullable Say part(Target target, Field field, boolean isRequired) {
        var properties = target.properties();
        for (var name : List.of("amount", "email", "name")) {
            var place = properties.get(name);
            var isAddress = field.shape().format().filter(Format.EMAIL::equals).isPresent();
            if (place == null || isRequired || !place.takes(field.shape()) || name.equals("email") != isAddress) {
                continue;
            }
            if (!Set.of(name).containsAll(target.required())) {
                return null;
            }
            demand(field, place, false);
            var says = new LinkedHashMap<String, Say>();
            says.put(name, new Say.Value(value(place, field)));
            var currency = properties.get("currency");
            if (currency != null) {
                for (var beside : candidates(parent(field))) {
                    if (beside.words().equals(List.of("currency")) && currency.takes(beside.shape())) {
                        demand(beside, currency, false);
                        says.put("currency", new Say.Value(value(currency, beside)));
                        break;
                    }
                }
            }
            return new Say.Parts(says, target.required().isEmpty() ? null : value(place, field));
        }
        return null;
    }

    private Field parent(Field field) {
        var path = field.path().subList(0, field.path().size() - 1);
        return path.equals(identity.object().path()) ? identity.object() : new Field(path, Shape.of(List.of()), false);
    }

    private @Nullable Say list(Target target, Field field, boolean isRequired) {
        var items = field.shape().items();
        if (isRequired || !field.shape().isArray() || items == null) {
            return null;
        }
        var item = new Field(Names.child(field.path(), Names.EACH), items, true);
        var place = target.items();
        var say = say(place, item, false);
        if (say == null || say instanceof Say.Each) {
            return null;
        }
        if (say instanceof Say.Value) {
            demand(item, place, false);
        }
        return new Say.Each(field.inner(), say);
    }

    /** What a canonical type requires and the samples do not have. */
    static final class MissingException extends Exception {

        private final List<String> fields;

        MissingException(List<String> fields) {
            super(String.join(", ", fields), null, false, false);
            this.fields = List.copyOf(fields);
        }

        List<String> fields() {
            return fields;
        }
    }
}
