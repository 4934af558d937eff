package io.dovetail.camel;

import io.dovetail.codec.Expression;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** What the steps of routes and Kamelets may be: everything but what loses events, hides failures or runs code. */
final class StepRules {

    private static final Map<String, String> STEPS = new HashMap<>();
    private static final Map<String, String> PROPERTIES = new HashMap<>();

    static {
        forbid(STEPS, "swallows the failures of later steps; say \"to: kamelet:<name>\"", "kamelet");
        forbid(
                STEPS,
                "lets the message choose where it goes; say \"to:\" with a fixed endpoint, below a choice",
                "toD",
                "enrich",
                "pollEnrich",
                "recipientList",
                "routingSlip",
                "dynamicRouter");
        forbid(
                STEPS,
                "goes on beside the hub, which would not see a failure there and lose the event in a crash",
                "wireTap",
                "threads");
        forbid(
                STEPS,
                "keeps state that a crash loses or doubles; the hub's ledger does this for every event",
                "idempotentConsumer",
                "aggregate",
                "resequence",
                "claimCheck",
                "saga",
                "sample");
        forbid(
                STEPS,
                "names Java; use a Kamelet of connectors/hub/ or a JSLT expression",
                "bean",
                "process",
                "script",
                "policy",
                "transacted",
                "throwException",
                "convertBodyTo",
                "convertHeaderTo",
                "convertVariableTo");
        forbid(
                STEPS,
                "hides failures, of which the hub must know every one",
                "doTry",
                "doCatch",
                "doFinally",
                "circuitBreaker",
                "onFallback");
        forbid(STEPS, "waits for what another system may say; ask it with \"to:\"", "poll");
        forbid(
                PROPERTIES,
                "is not for a route to say: the hub has one failure policy, and its routes are always on",
                "errorHandler",
                "errorHandlerRef",
                "deadLetterChannel",
                "onException",
                "routePolicy",
                "routeConfigurationId",
                "precondition",
                "autoStartup");
        forbid(
                PROPERTIES,
                "goes on beside the hub, which keeps the order of events by doing one thing at a time",
                "parallelProcessing",
                "executorService",
                "threadPool");
        forbid(
                PROPERTIES,
                "is not a language for messages here; say language: { language: jslt, expression: … }",
                "simple",
                "csimple",
                "groovy",
                "java",
                "joor",
                "js",
                "python",
                "mvel",
                "ognl",
                "spel",
                "method",
                "ref",
                "xpath",
                "xquery",
                "jsonpath",
                "jq",
                "datasonnet",
                "wasm",
                "hl7terser",
                "xtokenize",
                "tokenize");
    }

    private static final Set<String> ENDPOINTS = Set.of("to", "from");
    private static final Set<String> HEADERS = Set.of("setHeader", "setHeaders", "headers");
    private static final Set<String> VARIABLES = Set.of("setVariable", "setVariables", "variables");
    private static final Set<String> VARIABLE_NAMES = Set.of("variableSend", "variableReceive");
    private static final Pattern TYPE_NAME = Pattern.compile("#(class|type|bean|autowired|valueAs):.*", Pattern.DOTALL);
    private static final Pattern CREDENTIAL = Pattern.compile("(?i)(bearer|basic) [\\w+/=.-]{8,}|whsec_[\\w+/=]{8,}");

    private final EndpointRules endpoints;

    StepRules(EndpointRules endpoints) {
        this.endpoints = endpoints;
    }

    /** @param node a route, or a Kamelet's template */
    void check(YamlFile file, Node node) {
        visit(file, node, false, "");
    }

    private void visit(YamlFile file, Node node, boolean step, String parent) {
        for (var item : YamlFile.items(node)) {
            visit(file, item, parent.equals("steps"), parent);
        }
        checkName(file, YamlFile.get(node, "name"), parent);
        var uri = YamlFile.get(node, "uri");
        if (uri != null) {
            var call = EndpointCall.of(file, uri, node);
            endpoints.check(file, call, parent.equals("from"));
        }
        for (var entry : file.entries(node)) {
            var forbidden = (step ? STEPS : PROPERTIES).getOrDefault(entry.key(), PROPERTIES.get(entry.key()));
            if (forbidden != null) {
                file.problem(entry.keyNode(), "\"" + entry.key() + "\" " + forbidden);
            } else if (entry.key().equals("language") && YamlFile.get(entry.value(), "language") != null) {
                checkLanguage(file, entry.value());
            } else if (entry.key().equals("parameters")) {
                // what they may be is the endpoint's to say
                file.entries(entry.value()).forEach(parameter -> checkText(file, parameter.value()));
            } else {
                if (VARIABLE_NAMES.contains(entry.key())) {
                    AskRules.checkVariable(file, entry.value());
                }
                if (entry.value() instanceof ScalarNode value && ENDPOINTS.contains(entry.key())) {
                    endpoints.check(
                            file,
                            EndpointCall.of(file, value, null),
                            entry.key().equals("from"));
                }
                visit(file, entry.value(), false, entry.key());
            }
        }
        checkText(file, node);
    }

    private static void checkName(YamlFile file, @Nullable Node name, String parent) {
        if (name != null && HEADERS.contains(parent)) {
            var problem = HeaderRules.problem(YamlFile.text(name));
            if (problem != null) {
                file.problem(name, "the header " + YamlFile.text(name) + " " + problem);
            }
        }
        if (name != null && VARIABLES.contains(parent)) {
            AskRules.checkVariable(file, name);
        }
    }

    private static void checkLanguage(YamlFile file, Node language) {
        var name = YamlFile.text(YamlFile.get(language, "language"));
        if (!name.equals("jslt")) {
            file.problem(language, "the language of routes is jslt, not \"" + name + "\"");
        } else if (YamlFile.get(language, "expression") instanceof ScalarNode expression) {
            try {
                var unknown = new TreeSet<>(Expression.compile(expression.getValue(), file.placeOfText(expression))
                        .freeVariables());
                unknown.remove(Lookups.VARIABLE);
                if (!unknown.isEmpty()) {
                    file.problem(
                            expression,
                            "unknown variable $" + String.join(", $", unknown) + ", there is $" + Lookups.VARIABLE);
                }
            } catch (IllegalArgumentException e) {
                var message = String.valueOf(e.getMessage());
                var said = message.startsWith(file.path()) ? message.replaceFirst("^\\S+: ", "") : message;
                file.problems().add(message.startsWith(file.path()) ? message.split(": ")[0] : file.path(), said);
            }
        }
    }

    private static void checkText(YamlFile file, Node node) {
        var text = YamlFile.text(node);
        if (text.contains("${") || text.contains("$simple{")) {
            file.problem(
                    node,
                    "\"${…}\" is the simple language, which can be made to run code by what a message says; say"
                            + " language: { language: jslt, expression: … }");
        }
        SecretNames.check(file, node);
        if (TYPE_NAME.matcher(text).matches()) {
            file.problem(node, text + " names Java; use a Kamelet of connectors/hub/");
        }
        if (CREDENTIAL.matcher(text).matches()) {
            EndpointRules.plaintext(file, node, "this text");
        }
    }

    private static void forbid(Map<String, String> rules, String reason, String... names) {
        List.of(names).forEach(name -> rules.put(name, reason));
    }
}
