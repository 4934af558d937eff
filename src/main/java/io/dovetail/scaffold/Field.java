package io.dovetail.scaffold;

import java.util.ArrayList;
import java.util.List;

/**
 * A place below the root of an event that can be named by a path through objects.
 *
 * @param always whether it is there in every event, and not null
 */
record Field(List<String> path, Shape shape, boolean always) {

    private static final int DEEPEST = 5;

    /** All of them, those nearer to the root first. */
    static List<Field> of(Shape root) {
        return below(new Field(List.of(), root, true));
    }

    /** Those below a place. */
    static List<Field> below(Field from) {
        var all = new ArrayList<Field>();
        var level = List.of(from);
        for (var depth = 0; depth < DEEPEST && !level.isEmpty(); depth++) {
            level = level.stream().flatMap(field -> field.children().stream()).toList();
            all.addAll(level);
        }
        return all;
    }

    List<Field> children() {
        if (!shape.isObject()) {
            return List.of();
        }
        return shape.fields().entrySet().stream()
                .filter(entry -> Names.isPlain(entry.getKey()))
                .map(entry -> new Field(
                        Names.child(path, entry.getKey()),
                        entry.getValue(),
                        always
                                && !shape.isNullable()
                                && shape.hasAlways(entry.getKey())
                                && !entry.getValue().isNullable()))
                .toList();
    }

    /** The last of its path; of a list's element that of the list. */
    String name() {
        var named = path.stream().filter(name -> !name.equals(Names.EACH)).toList();
        return named.isEmpty() ? "" : named.getLast();
    }

    List<String> words() {
        return Names.words(name());
    }

    String jslt() {
        return Names.jslt(path);
    }

    /** The path from where an expression stands: from the element of the innermost list that it is in. */
    String inner() {
        return Names.jslt(path.subList(path.lastIndexOf(Names.EACH) + 1, path.size()));
    }

    /** A value that tells one thing from another: always there, short, with nothing odd in it. */
    boolean isIdentifying() {
        return always
                && (shape.isText() || shape.isInteger())
                && shape.texts().stream()
                        .allMatch(text -> text.matches("\\S(\\P{Cntrl}{0,98}\\S)?") && !text.equals("0"));
    }

    boolean isDistinct() {
        var texts = shape.texts();
        return texts.stream().distinct().count() == texts.size();
    }
}
