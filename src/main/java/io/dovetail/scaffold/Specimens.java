package io.dovetail.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.codec.Codec;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.codec.XmlCodec;
import io.dovetail.connector.Split;
import io.dovetail.connector.UnsplittableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries that the engineer gave.
 *
 * @param repeated elements of XML that occur more than once beside each other
 * @param split where the business events stand in them
 * @param events all of them
 */
record Specimens(List<Specimen> list, boolean xml, Set<String> repeated, String split, List<JsonNode> events) {

    private static final int MOST = 100;
    private static final int MOST_EVENTS = 1_000;
    private static final int MAX_BYTES = 1024 * 1024;

    /** What a list of many events is called, where it is not the whole body. */
    private static final Set<String> BATCHES = Set.of("events", "notifications", "payloads", "records", "value");

    /** @param split as the engineer says; null: as it looks */
    static Specimens read(List<Path> files, @Nullable String split) {
        if (files.size() > MOST) {
            throw new CannotScaffoldException(files.size() + " samples are too many; give at most " + MOST);
        }
        var bodies = new ArrayList<byte[]>();
        for (var file : files) {
            bodies.add(body(file));
        }
        var xml = isXml(bodies.getFirst());
        for (var i = 0; i < files.size(); i++) {
            if (isXml(bodies.get(i)) != xml) {
                throw new CannotScaffoldException(files.getFirst() + " and " + files.get(i) + " are not both "
                        + (xml ? "XML" : "JSON") + "; one connector reads either, make two of it");
            }
        }
        var first = trees(files, bodies, xml ? new XmlCodec(Set.of()) : new JsonCodec());
        var repeated = new TreeSet<String>();
        if (xml) {
            first.forEach(specimen -> collectRepeated(specimen.tree(), repeated));
        }
        var list = repeated.isEmpty() ? first : trees(files, bodies, new XmlCodec(repeated));
        var where = split == null ? guess(list) : split;
        return new Specimens(list, xml, repeated, where, events(list, where));
    }

    private static byte[] body(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new CannotScaffoldException(Names.shown(file.toString()) + " is no file");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new CannotScaffoldException(file + " is larger than 1 MiB; a smaller delivery tells as much");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CannotScaffoldException(file + " cannot be read: " + e);
        }
    }

    /** No JSON begins with {@code <}, nor with a mark of UTF-16. */
    private static boolean isXml(byte[] body) {
        for (var b : body) {
            if (b == '<' || b == (byte) 0xFE || b == (byte) 0xFF) {
                return true;
            }
            if (b > ' ') {
                return false;
            }
        }
        return false;
    }

    private static List<Specimen> trees(List<Path> files, List<byte[]> bodies, Codec codec) {
        var list = new ArrayList<Specimen>();
        for (var i = 0; i < files.size(); i++) {
            try {
                list.add(new Specimen(files.get(i).toString(), bodies.get(i), codec.read(bodies.get(i))));
            } catch (MalformedException e) {
                throw new CannotScaffoldException(
                        files.get(i) + " is no delivery that a hub would take: " + e.getMessage());
            }
        }
        return list;
    }

    private static void collectRepeated(JsonNode node, Set<String> repeated) {
        node.properties().forEach(entry -> {
            if (entry.getValue().isArray()) {
                repeated.add(entry.getKey());
            }
            collectRepeated(entry.getValue(), repeated);
        });
        if (node.isArray()) {
            node.forEach(element -> collectRepeated(element, repeated));
        }
    }

    /** A body that is a list, or one with a list of objects of such a name near its root; else the delivery is one. */
    private static String guess(List<Specimen> list) {
        if (list.stream().anyMatch(specimen -> specimen.tree().isArray())) {
            return "[]";
        }
        var found = new TreeSet<String>();
        for (var field : Field.of(Shape.of(list.stream().map(Specimen::tree).toList()))) {
            var items = field.shape().items();
            if (field.always()
                    && field.path().size() <= 2
                    && BATCHES.contains(field.name())
                    && field.shape().isArray()
                    && items != null
                    && items.isObject()
                    && !items.isNullable()) {
                found.add(String.join(".", field.path()) + "[]");
            }
        }
        return found.size() == 1 ? found.getFirst() : "none";
    }

    private static List<Split.Piece> pieces(Specimen specimen, String split) {
        var isPath = split.equals("none") || split.startsWith("//") || split.endsWith("[]");
        try {
            return isPath ? Split.pieces(split, specimen.tree()) : List.of();
        } catch (UnsplittableException e) {
            throw new CannotScaffoldException(specimen.file() + ": " + e.getMessage());
        }
    }

    private static List<JsonNode> events(List<Specimen> list, String split) {
        var events = new ArrayList<JsonNode>();
        for (var specimen : list) {
            var pieces = pieces(specimen, split);
            if (pieces.isEmpty()) {
                throw new CannotScaffoldException("no business event stands at \"" + Names.shown(split) + "\" in "
                        + specimen.file() + "; --split is none, a path to a list as data.events[], or for XML //NAME");
            }
            for (var piece : pieces) {
                if (!piece.tree().isObject()) {
                    throw new CannotScaffoldException(specimen.file() + " holds something else than an object"
                            + (split.equals("none") ? "" : " at " + split) + ", and a business event is one");
                }
                events.add(piece.tree());
            }
            if (events.size() > MOST_EVENTS) {
                throw new CannotScaffoldException(
                        "the samples hold more than " + MOST_EVENTS + " events; fewer tell as much");
            }
        }
        return events;
    }
}
