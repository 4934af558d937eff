package io.dovetail.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.camel.BrokenRoutesException;
import io.dovetail.check.EventsJson;
import io.dovetail.check.Rehearsal;
import io.dovetail.check.Rehearsed;
import io.dovetail.check.SampleAnswers;
import io.dovetail.codec.JsonCodec;
import io.dovetail.codec.MalformedException;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Problems;
import io.dovetail.connector.Samples;
import io.dovetail.event.Failure;
import io.dovetail.scaffold.Proposal.Guess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Proposes a connector from samples of what the other side sends: contracts, rules, mappings, and what must come of
 * each sample, which is rehearsed before anything is written.
 */
public final class Scaffold {

    private static final String EVENTS = "schemas/events/";
    private static final String SUFFIX = ".schema.json";

    private final Wanted wanted;
    private final String title;
    private final Map<String, byte[]> present;
    private final Map<String, JsonNode> schemas = new HashMap<>();
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Set<String> slugs = new HashSet<>();
    private final List<Rule> rules = new ArrayList<>();

    /** One kind with all that is proposed for it. */
    record Rule(Kind kind, String slug, Identity identity, Mapping mapping) {}

    /** A mapping, and the contract that asks for what it reads. */
    private record Drawn(Mapping mapping, Contract contract) {}

    private Scaffold(Path root, Wanted wanted) {
        this.wanted = wanted;
        this.title = Names.title(wanted.name());
        this.present = Configuration.filesBelow(root);
        present.forEach((path, raw) -> {
            if (path.startsWith("schemas/") && path.endsWith(SUFFIX)) {
                try {
                    schemas.put(path, new JsonCodec().read(raw));
                } catch (MalformedException e) {
                    // a broken one fits nothing
                }
            }
        });
    }

    /** @throws CannotScaffoldException when there is nothing that would pass {@code check} */
    public static Proposal propose(Path root, Wanted wanted) {
        return new Scaffold(root, wanted).propose();
    }

    private Proposal propose() {
        var specimens = Specimens.read(wanted.samples(), wanted.split());
        var kinds = Kind.of(specimens.events());
        checkEmits(kinds);
        kinds.forEach(this::add);
        var proof = Proof.of(wanted.headers(), specimens);
        var folder = new Folder(wanted.name(), title, specimens, rules, proof);
        put(folder.place("connector.yaml"), folder.yaml());
        put(folder.place("README.md"), folder.readme());
        var cases = rehearse(specimens, folder);
        return new Proposal(files, cases, guesses(specimens, proof));
    }

    private void checkEmits(List<Kind> kinds) {
        wanted.emits().forEach((label, type) -> {
            if (!types().contains(type)) {
                throw new CannotScaffoldException(
                        "there is no canonical type " + Names.shown(type) + "; " + near(type));
            }
            if (label.isEmpty()
                    ? kinds.size() > 1
                    : kinds.stream().noneMatch(kind -> kind.label().equals(label))) {
                throw new CannotScaffoldException("--emits must say which kind becomes " + type + ", as "
                        + String.join(
                                ", ",
                                kinds.stream()
                                        .map(kind -> kind.label() + "=" + type)
                                        .toList()));
            }
        });
    }

    /** The types of the same family; where there is no such family, the families. */
    private String near(String type) {
        var family = family(type);
        var near = types().stream().filter(t -> family(t).equals(family)).toList();
        return near.isEmpty()
                ? "there are the families "
                        + types().stream().map(Scaffold::family).distinct().collect(Collectors.joining(", "))
                        + ", whose types are the files in schemas/events"
                : "of that family there are " + String.join(", ", near);
    }

    private static String family(String type) {
        return type.substring(0, Math.max(0, type.indexOf('.')));
    }

    private Set<String> types() {
        var types = new TreeSet<String>();
        schemas.keySet().stream()
                .filter(path -> path.startsWith(EVENTS))
                .forEach(path -> types.add(path.substring(EVENTS.length(), path.length() - SUFFIX.length())));
        return types;
    }

    private void add(Kind kind) {
        var identity = Identity.of(kind);
        var slug = slug(kind, identity);
        var drawn = drawn(kind, slug, identity);
        var mapping = drawn.mapping();
        if (mapping.data().parts().isEmpty()) {
            throw new CannotScaffoldException(
                    "the samples hold no value that an event could tell; give one with content");
        }
        if (mapping.schema() != null) {
            put(EVENTS + mapping.type() + SUFFIX, JsonCodec.pretty(mapping.schema()));
        }
        put(
                "schemas/" + wanted.name() + "/" + slug + ".v1" + SUFFIX,
                JsonCodec.pretty(drawn.contract().schema(title + (kind.label().isEmpty() ? "" : ": " + kind.label()))));
        put("connectors/" + wanted.name() + "/mappings/" + slug + ".jslt", mapping.jslt(title, kind, identity));
        rules.add(new Rule(kind, slug, identity, mapping));
    }

    private String slug(Kind kind, Identity identity) {
        var slug = Names.slug(kind.label().isEmpty() ? identity.object().words() : kind.words());
        var free = slug.isEmpty() ? "event" : slug;
        for (var i = 2; !slugs.add(free); i++) {
            free = slug + "-" + i;
        }
        return free;
    }

    /** Where a fitting type requires more than the samples have, the system's own words say it all. */
    private Drawn drawn(Kind kind, String slug, Identity identity) {
        var wish = wanted.emits().getOrDefault(kind.label(), wanted.emits().get(""));
        var type =
                wish == null ? Vocabulary.type(types(), words(kind, identity)).orElse(null) : wish;
        if (type != null) {
            try {
                var contract = contract(kind, identity);
                var target = new Target(schemas, EVENTS + type + SUFFIX);
                return new Drawn(Filling.of(type, target, kind, identity, contract), contract);
            } catch (Filling.MissingException e) {
                if (wish != null) {
                    throw new CannotScaffoldException(type + " requires " + String.join(", ", e.fields())
                            + ", and no field of the samples fits by its name and its values; without --emits"
                            + " a type of its own is proposed");
                }
            }
        }
        var contract = contract(kind, identity);
        return new Drawn(OwnType.of(ownType(slug), title, kind, identity, contract), contract);
    }

    /** Of what it speaks. */
    private static List<String> words(Kind kind, Identity identity) {
        var words = new ArrayList<>(kind.words());
        words.addAll(identity.object().words());
        identity.keys().keySet().stream().limit(1).forEach(key -> words.addAll(Names.words(key)));
        return words;
    }

    private static Contract contract(Kind kind, Identity identity) {
        var contract = new Contract(Shape.of(kind.events()));
        identity.reads().forEach(field -> contract.need(field.path()));
        if (identity.moment() != null) {
            contract.need(identity.moment().field().path());
        }
        var by = kind.by();
        if (by != null) {
            contract.need(by);
        }
        if (by != null && !kind.isByRoot()) {
            contract.demand(by, Contract.only(kind.label()));
        }
        return contract;
    }

    /** {@code ticketbox.ticket-created.v1}; a canonical type's name has letters only. */
    private String ownType(String slug) {
        var family = letters(wanted.name());
        var verb = letters(slug);
        var type = (family.isEmpty() ? "system" : family) + "." + (verb.isEmpty() ? "event" : verb);
        var free = type;
        while (present.containsKey(EVENTS + free + ".v1" + SUFFIX)
                || files.containsKey(EVENTS + free + ".v1" + SUFFIX)) {
            free += "-too";
        }
        return free + ".v1";
    }

    private static String letters(String slug) {
        return slug.replaceAll("[^a-z-]", "").replaceAll("-{2,}", "-").replaceAll("^-|-$", "");
    }

    private void put(String path, String text) {
        files.put(path, (text.endsWith("\n") ? text : text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Lets the hub's own code make of each sample what it will, and keeps that as what must come of it. */
    private List<String> rehearse(Specimens specimens, Folder folder) {
        var all = new TreeMap<>(present);
        all.putAll(files);
        var problems = new Problems();
        var configuration = Configuration.of(all, problems);
        var connector = configuration.connector(wanted.name());
        var ours = problems.list().stream()
                .filter(problem -> files.keySet().stream().anyMatch(problem.place()::startsWith))
                .toList();
        if (connector == null || !ours.isEmpty()) {
            throw new CannotScaffoldException(
                    "what was proposed from the samples would not pass \"hub check\", so nothing is" + " written: "
                            + (ours.isEmpty()
                                    ? "the files that are there have problems; mend them first"
                                    : ours.getFirst()));
        }
        var cases = new ArrayList<String>();
        try (var rehearsal = Rehearsal.of(configuration)) {
            for (var specimen : specimens.list()) {
                var name = folder.caseOf(specimen, cases);
                cases.add(name);
                var delivery = folder.place("samples/" + name + "/delivery." + (specimens.xml() ? "xml" : "json"));
                files.put(delivery, specimen.body());
                put(folder.place("samples/" + name + "/events.json"), events(rehearsal, connector, specimen));
            }
        } catch (BrokenRoutesException e) {
            throw new CannotScaffoldException("the routes that are there cannot be loaded; \"hub check\" says why");
        }
        return cases;
    }

    private static String events(Rehearsal rehearsal, Connector connector, Specimen specimen) {
        var came = rehearsal.perform(
                connector, "default", specimen.body(), Samples.ACCEPTED_AT, new SampleAnswers(List.of()));
        if (came instanceof Rehearsed.Refused(var reason)) {
            throw new CannotScaffoldException(specimen.file() + " would be refused: " + reason);
        }
        var accepted = (Rehearsed.Accepted) came;
        for (var fate : accepted.events()) {
            if (fate instanceof Rehearsed.Parked parked) {
                throw new CannotScaffoldException("no connector comes of these samples by itself: " + specimen.file()
                        + " would be parked at " + place(parked.failure()) + ": "
                        + parked.failure().message() + "; begin with \"hub new connector\" without --from");
            }
        }
        return JsonCodec.pretty(EventsJson.of(accepted, Samples.ACCEPTED_AT));
    }

    private static String place(Failure failure) {
        return failure.place().isEmpty() ? "/" : failure.place();
    }

    private List<Guess> guesses(Specimens specimens, Proof proof) {
        var guesses = new ArrayList<Guess>();
        if (!specimens.split().equals("none")) {
            guesses.add(new Guess(
                    "split", specimens.split() + ", " + specimens.events().size() + " events"));
        }
        for (var rule : rules) {
            rule(rule, guesses);
        }
        guesses.add(new Guess("proof", proof.verify() + "\n" + proof.told()));
        return guesses;
    }

    private void rule(Rule rule, List<Guess> guesses) {
        var kind = rule.kind();
        var identity = rule.identity();
        var mapping = rule.mapping();
        var count = kind.events().size();
        guesses.add(new Guess(
                "event",
                kind.when() + ", " + (count == 1 ? "1 sample: what may be absent is not known" : count + " samples")));
        guesses.add(new Guess("id", identity.id() + "\n" + identity.told()));
        guesses.add(new Guess(
                "order",
                identity.objectId() == null
                        ? "none: no field looks like a business object's id"
                        : identity.objectId().jslt()));
        guesses.add(new Guess(
                "time",
                identity.moment() == null
                        ? "when the hub accepted it: no field says for certain when it happened, with a time zone"
                        : identity.moment().field().jslt()));
        guesses.add(new Guess("says", mapping.type() + says(rule)));
    }

    private String says(Rule rule) {
        if (rule.mapping().schema() == null) {
            return ", with " + String.join(", ", rule.mapping().filled());
        }
        var words = words(rule.kind(), rule.identity());
        var family = types().stream()
                .filter(type -> Vocabulary.isFamily(type, words))
                .toList();
        return ", a new type, " + rule.mapping().filled().size() + " fields in the system's own words"
                + (family.isEmpty()
                        ? ""
                        : "\n--emits would say it in the canonical language: " + String.join(", ", family));
    }
}
