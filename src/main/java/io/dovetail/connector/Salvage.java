package io.dovetail.connector;

import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.dovetail.codec.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a connector that has problems: enough to run those of its samples that have nothing to do with them,
 * so that a person is told of wrong samples at once and not one repair later. Never good for a real delivery.
 */
public final class Salvage {

    /** The reason for which an event is "ignored" whose own rule has problems: nothing can be said of it. */
    public static final String UNKNOWN = "unknown: its rule has problems";

    private static final Schema ANYTHING = new Schema(
            "anything", JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema("{}"), List.of());
    private static final Expression NO_MAPPING = Expression.compile("{\"ignore\": \"" + UNKNOWN + "\"}", "nowhere");
    private static final Expression NO_ID = Expression.compile("\"unknown\"", "nowhere");
    private static final Expression ALWAYS = Expression.compile("true", "nowhere");

    private Salvage() {}

    /** Null when so much is wrong that no sample would tell anything. */
    public static @Nullable Connector of(String name, Configuration configuration) {
        var folder = "connectors/" + name + "/";
        var raw = configuration.files().get(folder + "connector.yaml");
        var yaml = raw == null ? null : YamlTree.read(folder + "connector.yaml", raw, new Problems());
        if (yaml == null) {
            return null;
        }
        var fatal = new Problems();
        var root = yaml.root();
        var media = ConnectorReader.media(root);
        var split = root.path("split").asText("none");
        Media.check(yaml, media, fatal);
        ConnectorReader.checkSplit(yaml, split, media, fatal);
        WebhookReader.check(yaml, null, fatal);
        var expressions = new Expressions(folder, configuration.files(), yaml, new Problems());
        var sender = root.path("sender").isTextual() ? expressions.inline("/sender", Set.of()) : null;
        if (!fatal.isEmpty() || sender == null && root.has("sender")) {
            return null;
        }
        try {
            return new Connector(
                    name,
                    root.path("title").asText(),
                    root.path("kind").asText(),
                    root.path("retention").asText("standard"),
                    WebhookReader.read(root.path("intake").path("webhook"), media),
                    ConnectorReader.amqp(root),
                    ConnectorReader.kafka(root),
                    ConnectorReader.remoteQueue(root),
                    Media.codec(root, media),
                    split,
                    sender,
                    rules(yaml, expressions, configuration.schemas()),
                    ConnectorReader.ordered(root),
                    Calls.read(root.path("calls")),
                    root.path("otherwise").path("ignore").textValue());
        } catch (IllegalArgumentException e) {
            return null; // a proof that nobody knows
        }
    }

    /** In their order, with a stand-in for each that has problems. */
    private static List<EventRule> rules(YamlTree yaml, Expressions expressions, Schemas schemas) {
        var rules = new ArrayList<EventRule>();
        for (var i = 0; i < yaml.root().path("events").size(); i++) {
            var found = new Problems();
            var rule = new RuleReader(yaml, expressions, schemas, found).rule("/events/" + i);
            rules.add(
                    rule != null && found.isEmpty()
                            ? rule
                            : standIn(expressions.inline("/events/" + i + "/when", Set.of())));
        }
        return rules;
    }

    private static EventRule standIn(@Nullable Expression when) {
        return new EventRule(
                when == null ? ALWAYS : when,
                ANYTHING,
                NO_MAPPING,
                "unknown",
                ANYTHING,
                Map.of(),
                NO_ID,
                false,
                null,
                Map.of());
    }
}
