package io.dovetail.connector;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.connector.RemoteQueue.Login;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one folder under {@code connectors/}, naming everything that is wrong with it. */
final class ConnectorReader {

    static final String SCHEMA = "hub/connector.v1";
    private static final String INTERCHANGE = "messages[]";
    private static final Pattern POLL = Pattern.compile("(?m)^\\s*uri:\\s*[\"']?kamelet:hub-poll\\b");

    private final String name;
    private final String folder;
    private final Map<String, byte[]> files;
    private final Schemas schemas;
    private final Problems problems;

    ConnectorReader(String name, Map<String, byte[]> files, Schemas schemas, Problems problems) {
        this.name = name;
        this.folder = "connectors/" + name + "/";
        this.files = files;
        this.schemas = schemas;
        this.problems = problems;
    }

    /** Null when something is wrong. */
    @Nullable
    Connector read() {
        if (!name.matches("[a-z][a-z0-9-]{0,39}")) {
            problems.add(
                    "connectors/" + name, "a connector is named with small letters, digits and hyphens, at most 40");
        }
        if (Connector.NAMES_OF_THE_HUB.contains(name)) {
            problems.add(
                    "connectors/" + name,
                    "the secrets " + name + ".* are the hub's own, and no connector's; call it otherwise");
        }
        var file = folder + "connector.yaml";
        var raw = files.get(file);
        if (raw == null) {
            problems.add("connectors/" + name, "there is no connector.yaml in this folder");
            return null;
        }
        var found = new Problems();
        var yaml = YamlTree.read(file, raw, found);
        var connector = yaml == null ? null : read(yaml, found);
        found.list().forEach(problem -> problems.add(problem.place(), problem.message()));
        return found.isEmpty() ? connector : null;
    }

    private @Nullable Connector read(YamlTree yaml, Problems found) {
        var violations = checkAgainstSchema(yaml, found);
        SecretLint.check(yaml, found);
        var root = yaml.root();
        if (root.path("connector").isTextual()
                && !root.path("connector").asText().equals(name)) {
            found.add(
                    yaml.place("/connector"),
                    "the connector is named '" + root.path("connector").asText() + "' and its folder '" + name
                            + "': they must be the same");
        }
        var media = media(root);
        Media.check(yaml, media, found);
        var split = root.path("split").asText("none");
        checkSplit(yaml, split, media, found);
        WebhookReader.check(yaml, violations, found);
        var expressions = new Expressions(folder, files, yaml, found);
        var rules = new RuleReader(yaml, expressions, schemas, found).read();
        if (isPolled()) {
            rules = withGaps(yaml, rules, found);
        }
        var sender = root.path("sender").isTextual() ? expressions.inline("/sender", Set.of()) : null;
        expressions.findUnusedMappings();
        if (!found.isEmpty()) {
            return null;
        }
        var webhook = WebhookReader.read(root.path("intake").path("webhook"), media);
        var ignored = root.path("otherwise").path("ignore");
        return new Connector(
                name,
                root.path("title").asText(),
                root.path("kind").asText(),
                root.path("retention").asText("standard"),
                webhook,
                amqp(root),
                kafka(root),
                remoteQueue(root),
                Media.codec(root, media),
                split,
                sender,
                rules,
                ordered(root),
                Calls.read(root.path("calls")),
                ignored.isTextual() ? ignored.asText() : null);
    }

    /** Whether a route asks for its news; one that takes files for it does not. */
    private boolean isPolled() {
        return files.entrySet().stream()
                .anyMatch(file -> file.getKey().startsWith("routes/intake/" + name + ".")
                        && file.getKey().endsWith(".camel.yaml")
                        && POLL.matcher(new String(file.getValue(), UTF_8)).find());
    }

    private List<EventRule> withGaps(YamlTree yaml, List<EventRule> rules, Problems found) {
        var gaps = GapRule.of(schemas);
        if (gaps == null) {
            found.add(
                    yaml.place(""),
                    "routes/intake asks for its news, and the schemas hub/source-gap.v1 and events/source.gap.v1 are"
                            + " missing or broken");
            return rules;
        }
        if (Media.TOKEN.isAmong(media(yaml.root()))) {
            return rules; // what is fetched are tokens, and the hub signs none that would tell a gap
        }
        if (!Media.JSON.isAmong(media(yaml.root()))) {
            found.add(
                    yaml.place("/intake/webhook/media"),
                    "routes/intake hands over JSON or tokens, and this connector reads something else");
        }
        return Stream.concat(Stream.of(gaps), rules.stream()).toList();
    }

    /** Null when there is no schema to check against. */
    private @Nullable List<Schema.Violation> checkAgainstSchema(YamlTree yaml, Problems found) {
        var schema = schemas.find(SCHEMA);
        if (schema == null) {
            found.add(
                    yaml.place(""),
                    "schemas/" + SCHEMA + Schemas.SUFFIX + ", which this is checked against, is missing or broken");
            return null;
        }
        var violations = schema.checkAll(yaml.root());
        for (var violation : violations) {
            // a wrong secret is told by SecretLint, which knows why
            if (!violation.pointer().endsWith("/secret") || violation.keyword().equals("required")) {
                found.add(yaml.place(violation.pointer()), describe(violation));
            }
        }
        return violations;
    }

    private static String describe(Schema.Violation violation) {
        var pointer = violation.pointer();
        if (pointer.equals("/otherwise")) {
            return "otherwise is park, or ignore with a reason: { ignore: \"...\" }";
        }
        if (pointer.equals("/order")) {
            return "order is strict, or none: then events of one key wait for nothing";
        }
        // a message about a property that is missing or unknown names it already
        var where = violation.message().startsWith("The property")
                ? pointer.substring(0, pointer.lastIndexOf('/'))
                : pointer;
        return where.isEmpty()
                ? violation.message()
                : where.substring(1).replace('/', '.') + ": " + violation.message();
    }

    static boolean ordered(JsonNode root) {
        return !root.path("order").asText("strict").equals("none");
    }

    static @Nullable Amqp amqp(JsonNode root) {
        var amqp = root.path("intake").path("amqp");
        return amqp.isObject() ? new Amqp(amqp.path("deliveryId").textValue()) : null;
    }

    static @Nullable Kafka kafka(JsonNode root) {
        var kafka = root.path("intake").path("kafka");
        return kafka.path("topic").isTextual()
                ? new Kafka(kafka.path("topic").asText(), kafka.path("sender").asText("default"))
                : null;
    }

    static @Nullable RemoteQueue remoteQueue(JsonNode root) {
        var queue = root.path("intake").path("remoteQueue");
        return queue.path("login").isTextual()
                ? new RemoteQueue(
                        queue.path("login").asText().equals("oauth2") ? Login.OAUTH2 : Login.PLAIN,
                        queue.path("sender").asText("default"))
                : null;
    }

    static Set<String> media(JsonNode root) {
        return texts(root.path("intake").path("webhook").path("media"));
    }

    static Set<String> texts(JsonNode list) {
        var texts = new TreeSet<String>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    static void checkSplit(YamlTree yaml, String split, Set<String> media, Problems found) {
        if (!Split.FORM.matcher(split).matches()) {
            found.add(
                    yaml.place("/split"),
                    "split is none, a path to a list as data.events[] or items[] as item, or //NAME for XML");
        } else if (Media.EDI.isAmong(media)) {
            if (!split.equals(INTERCHANGE)) {
                found.add(
                        yaml.place("/split"),
                        "the messages of an interchange are events of their own: split: " + INTERCHANGE);
            }
        } else if (Split.isByName(split) && !Media.XML.isAmong(media)) {
            found.add(yaml.place("/split"), "//NAME is for XML; JSON is split with a path to a list as data.events[]");
        }
    }
}
