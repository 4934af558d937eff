package io.dovetail.catalogue;

import static io.dovetail.catalogue.Html.code;
import static io.dovetail.catalogue.Html.link;
import static io.dovetail.catalogue.Html.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.EventRule;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The catalogue for people: one page of all there is, and one for each type of event. */
record Pages(Configuration configuration, Language language) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOBODY = "<span class=\"pale\">nobody yet</span>";

    String index() {
        var page = new Html();
        page.element("h1", "What this hub says and hears");
        page.line("<p>Made from the connectors, schemas and routes of version " + code(configuration.hash())
                + ". For machines: " + link("asyncapi.json", "asyncapi.json") + " (what it publishes) and "
                + link("openapi.json", "openapi.json") + " (what it accepts).</p>");
        page.element("h2", "Events");
        page.line("<table>").row("th", "Type", "What happened", "Said by", "May set off");
        for (var word : language.words()) {
            page.row(
                    "td",
                    link("events/" + word.type() + ".html", code(word.type())),
                    text(word.description()),
                    word.sayings().isEmpty()
                            ? NOBODY
                            : word.sayings().stream()
                                    .map(saying -> text(saying.connector().name()))
                                    .collect(Collectors.joining(", ")),
                    workflows(word));
        }
        page.line("</table>");
        doors(page);
        workflows(page);
        shapes(page);
        return page.page("What this hub says and hears");
    }

    private static String workflows(Word word) {
        return word.workflows().stream()
                .map(workflow -> text(workflow.name()))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private void doors(Html page) {
        page.element("h2", "Doors");
        page.line("<table>").row("th", "Connector", "Address", "Proof", "Media", "Becomes");
        for (var connector : configuration.connectors().values()) {
            var doors = new ArrayList<String>(List.of("POST /in/" + connector.name()));
            if (connector.amqp() != null) {
                doors.add("queue in." + connector.name());
            }
            if (connector.kafka() != null) {
                doors.add("topic " + connector.kafka().topic());
            }
            if (connector.remoteQueue() != null) {
                doors.add("queue of another broker");
            }
            page.row(
                    "td",
                    text(connector.title()),
                    doors.stream().map(Html::code).collect(Collectors.joining("<br>")),
                    text(connector.webhook().verify().words()),
                    connector.webhook().media().stream()
                            .sorted()
                            .map(Html::text)
                            .collect(Collectors.joining("<br>")),
                    connector.events().stream()
                            .map(EventRule::emits)
                            .distinct()
                            .sorted()
                            .map(type -> link("events/" + type + ".html", code(type)))
                            .collect(Collectors.joining("<br>")));
        }
        page.line("</table>");
    }

    private void workflows(Html page) {
        page.element("h2", "Workflows");
        page.line("<table>").row("th", "Workflow", "Policy", "When");
        language.workflows().forEach(workflow -> workflow(page, workflow));
        page.line("</table>");
    }

    private static void workflow(Html page, Workflow workflow) {
        page.row(
                "td",
                code(workflow.name()),
                code("routes/triggers/" + workflow.policy() + ".camel.yaml"),
                text(workflow.words()));
    }

    /** The shared types that have fields of their own. */
    private void shapes(Html page) {
        page.element("h2", "Shapes that events share");
        page.line("<table>").row("th", "Shape", "Field", "Form", "Meaning");
        language.bundle().components().properties().forEach(component -> {
            var name = component.getKey();
            if (name.startsWith("shared.types.")) {
                var shape = name.substring("shared.types.".length());
                page.row(
                        "td",
                        "<a id=\"" + text(shape) + "\"></a>" + code(shape),
                        "",
                        "",
                        text(component.getValue().path("description").asText()));
                for (var field : Field.of(component.getValue(), language.bundle())) {
                    page.row("td", "", code(field.path()), form(field, "") + mark(field), text(field.meaning()));
                }
            }
        });
        page.line("</table>");
    }

    String of(Word word) {
        var page = new Html();
        page.line("<p>" + link("../index.html", "All events") + "</p>");
        page.element("h1", word.title());
        page.line("<p>" + code(word.type()) + "</p>");
        page.element("p", word.description());
        if (word.sayings().isEmpty()) {
            page.line("<p>No connector says it yet.</p>");
        } else {
            page.element("h2", "Who says it");
            page.line("<table>").row("th", "Connector", "Source event", "Contract", "Mapping", "Ordered by", "Keys");
            word.sayings().forEach(saying -> saying.rules().forEach(rule -> rule(page, saying, rule)));
            page.line("</table>");
        }
        if (!word.workflows().isEmpty()) {
            page.element("h2", "What it may set off, as the policy decides");
            page.line("<table>").row("th", "Workflow", "Policy", "When");
            word.workflows().forEach(workflow -> workflow(page, workflow));
            page.line("</table>");
        }
        page.element("h2", "Fields");
        fields(page, word);
        page.element("h2", "Example");
        page.line("<pre>" + text(pretty(word.example())) + "</pre>");
        return page.page(word.title());
    }

    private static void rule(Html page, Saying saying, EventRule rule) {
        page.row(
                "td",
                text(saying.connector().name()),
                code(rule.when().toString()),
                code("schemas/" + rule.contract().name() + ".schema.json"),
                code(rule.mapping().place()),
                rule.orderBy() == null
                        ? "<span class=\"pale\">nothing</span>"
                        : code(rule.orderBy().toString()),
                rule.keys().keySet().stream().sorted().map(Html::code).collect(Collectors.joining(", ")));
    }

    private void fields(Html page, Word word) {
        if (!word.sayings().isEmpty()) {
            page.line("<p class=\"pale\">Where a field comes from was found out by changing every value of the"
                    + " connectors' samples, one at a time. What no sample holds, and what a route looks up in another"
                    + " system, is not seen. A field that is <em>chosen by</em> another turns with it into one of a few"
                    + " words, comes or goes.</p>");
        }
        var head = new ArrayList<>(List.of("Field", "Form", "Meaning"));
        word.sayings().forEach(saying -> head.add(text(saying.connector().name())));
        page.line("<table>").row("th", head.toArray(String[]::new));
        for (var field : rows(word)) {
            var cells = new ArrayList<>(List.of(
                    code(field.path()) + (field.required() ? " *" : ""),
                    form(field, "../index.html") + mark(field),
                    text(field.meaning())));
            word.sayings().forEach(saying -> cells.add(origin(saying.origins(), field.path())));
            page.row("td", cells.toArray(String[]::new));
        }
        page.line("</table>");
        page.line("<p class=\"pale\">* always there, if what it stands in is.</p>");
    }

    /** The fields of the type, and below those of a shared shape the ones whose origin is known. */
    private List<Field> rows(Word word) {
        var rows = new ArrayList<Field>();
        var known = new TreeSet<String>();
        word.sayings().forEach(saying -> known.addAll(saying.origins().keySet()));
        var left = new TreeMap<String, Field>();
        var fields = Field.of(word.schema(), language.bundle());
        for (var beside : List.of("(subject)", "(time)")) {
            if (known.remove(beside)) {
                rows.add(new Field(beside, "text", "", false, "Beside the data, in the CloudEvent.", ""));
            }
        }
        for (var field : fields) {
            rows.add(field);
            known.remove(field.path());
            if (!field.shape().isEmpty()) {
                var below = known.subSet(field.path() + ".", field.path() + "/");
                below.forEach(path -> left.put(path, new Field(path, "", "", false, "", "")));
                rows.addAll(left.values());
                left.clear();
                below.clear();
            }
        }
        return rows;
    }

    private static String origin(Origin.ByField origins, String path) {
        var origin = origins.get(path);
        if (origin == null) {
            return "";
        }
        var from = origin.from().stream().map(Html::code).collect(Collectors.joining("<br>"));
        var chosen = origin.chosenBy().stream().map(Html::code).collect(Collectors.joining(", "));
        return chosen.isEmpty()
                ? from
                : from + (from.isEmpty() ? "" : "<br>") + "<span class=\"pale\">chosen by " + chosen + "</span>";
    }

    private static String form(Field field, String index) {
        return field.shape().isEmpty()
                ? text(field.form())
                : text(field.form()
                                .substring(
                                        0, field.form().length() - field.shape().length()))
                        + link(index + "#" + field.shape(), text(field.shape()));
    }

    private static String mark(Field field) {
        return field.sensitivity().isEmpty() ? "" : " <span class=\"mark\">" + text(field.sensitivity()) + "</span>";
    }

    private static String pretty(JsonNode json) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
