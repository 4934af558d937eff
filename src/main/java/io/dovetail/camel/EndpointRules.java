package io.dovetail.camel;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/** What the endpoints of routes and Kamelets may be. */
final class EndpointRules {

    private static final Map<String, String> FORBIDDEN = Map.ofEntries(
            Map.entry("seda", "keeps events in memory, where a crash loses them; use direct:"),
            Map.entry("disruptor", "keeps events in memory, where a crash loses them; use direct:"),
            Map.entry("disruptor-vm", "keeps events in memory, where a crash loses them; use direct:"),
            Map.entry("vm", "keeps events in memory, where a crash loses them; use direct:"),
            Map.entry("stub", "keeps events in memory, where a crash loses them; use direct:"),
            Map.entry("exec", "runs a program of the machine"),
            Map.entry("ssh", "runs a program of a machine"),
            Map.entry("bean", "names Java; use a Kamelet of connectors/hub/"),
            Map.entry("class", "names Java; use a Kamelet of connectors/hub/"),
            Map.entry("language", "may run any language; use jslt in an expression"),
            Map.entry("groovy", "may run anything; use jslt in an expression"),
            Map.entry("controlbus", "stops and starts routes, which only ./hub reload may do"),
            Map.entry("dataset", "makes events up"));

    private static final Set<String> HTTP = Set.of(
            "http",
            "https",
            "platform-http",
            "vertx-http",
            "netty-http",
            "netty",
            "undertow",
            "jetty",
            "servlet",
            "rest",
            "rest-api",
            "rest-openapi",
            "vertx-websocket",
            "atmosphere-websocket",
            "webhook");

    private static final Pattern SECRET_NAME = Pattern.compile(
            "(?i).*(password|passwd|passphrase|secret|token|api-?key|access-?key|private-?key|secret-?key|credentials?)");
    private static final Pattern USER_INFO = Pattern.compile("//[^/@?\\s{]+:[^/@?\\s{]+@");

    private final Map<String, Kamelet> kamelets;
    private final Set<String> files;
    private final Reach reach;

    EndpointRules(Map<String, Kamelet> kamelets, Set<String> files, Reach reach) {
        this.kamelets = kamelets;
        this.files = files;
        this.reach = reach;
    }

    static boolean namesSecret(String parameter) {
        return SECRET_NAME.matcher(parameter).matches();
    }

    /** @param begins whether the route begins with it */
    void check(YamlFile file, EndpointCall call, boolean begins) {
        var forbidden = FORBIDDEN.get(call.scheme());
        if (forbidden != null) {
            file.problem(call.at(), call.scheme() + ": " + forbidden);
        }
        if (begins && HTTP.contains(call.scheme())) {
            file.problem(
                    call.at(),
                    "no route takes HTTP from outside; deliveries come by POST /in/{connector}, as its connector.yaml"
                            + " says");
        }
        if (begins && AskRules.isSalesforce(call)) {
            file.problem(
                    call.at(),
                    "no route listens to Salesforce by itself: begin a poller with kamelet:hub-subscribe, or let its"
                            + " messages come by POST /in/{connector}");
        }
        if (call.scheme().equals("hub") && !file.path().startsWith("connectors/hub/")) {
            file.problem(call.at(), "hub: is only for the Kamelets of connectors/hub/; say kamelet:hub-" + call.name());
        }
        if (call.scheme().equals("kamelet")) {
            checkKamelet(file, call);
        }
        if (AskRules.concern(call) && !begins) {
            AskRules.check(file, call);
        }
        reach.add(file, call);
        checkValues(file, call);
    }

    private void checkKamelet(YamlFile file, EndpointCall call) {
        if (file.path().startsWith("connectors/")
                && (call.name().equals("source") || call.name().equals("sink"))) {
            return;
        }
        var kamelet = kamelets.get(call.name());
        if (kamelet == null) {
            file.problem(
                    call.at(),
                    "there is no Kamelet \"" + call.name() + "\"; write connectors/<system>/" + call.name()
                            + ".kamelet.yaml or use one of " + kamelets.keySet());
            return;
        }
        kamelet.checkCall(file, call.at(), call.parameters());
        var types = call.parameters().get("types");
        if (call.name().equals("hub-event") && types != null) {
            checkTypes(file, types);
        }
    }

    private void checkTypes(YamlFile file, EndpointCall.Value types) {
        for (var type : types.text().split(",")) {
            var schema = "schemas/events/" + type.strip() + ".schema.json";
            if (!files.contains(schema)) {
                file.problem(
                        types.at(), "no canonical event is called \"" + type.strip() + "\": there is no " + schema);
            }
        }
    }

    private static void checkValues(YamlFile file, EndpointCall call) {
        if (USER_INFO.matcher(call.uri()).find()) {
            plaintext(file, call.at(), "the address");
        }
        call.parameters().forEach((name, value) -> {
            var isNamed = value.text().startsWith("{{")
                    || AddressTemplate.PLACE.matcher(value.text()).matches()
                    || AddressTemplate.OPTIONAL.matcher(value.text()).matches();
            if (namesSecret(name) && !value.text().isBlank() && !isNamed) {
                plaintext(file, value.at(), "\"" + name + "\"");
            }
            // Camel makes one URI of all parameters without encoding them
            if (!value.inUri() && !value.raw() && value.text().matches("(?s).*[%&+].*|#.*")) {
                file.problem(
                        value.at(),
                        "\"" + name + "\" has a character that Camel would change (%, &, + or a leading #); write"
                                + " RAW(" + value.text() + ")");
            }
        });
    }

    static void plaintext(YamlFile file, Node at, String what) {
        file.problem(
                at,
                what + " holds a secret in plain text, which Camel logs; name it {{like.this}} and keep the value"
                        + " in the secrets directory, and change it, for it has been seen");
    }
}
