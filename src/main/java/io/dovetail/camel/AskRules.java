package io.dovetail.camel;

import io.dovetail.call.Credentials;
import io.dovetail.call.SecretReference;
import java.util.HashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an {@code https:} or {@code salesforce:} endpoint must be, wherever it stands. Who may use one is told by {@link Reach}. */
final class AskRules {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}]*)}}");
    private static final Pattern VARIABLE = Pattern.compile("[a-z][A-Za-z0-9]*|\\{\\{[^}]*}}");

    /** Of Camel's own component, and not of the hub's. */
    private static final Pattern CAMELS = Pattern.compile(
            "oauth2.*|proxy.*|http(Client|Connection|Context|Binding|Activity|MethodRestrict).*|(connect|response|so|connection"
                    + "Request)Timeout|followRedirects|bridgeEndpoint|cookie.*|clearExpiredCookies|copyHeaders|customHostHeader"
                    + "|preserveHostHeader|skip(Control|Request|Response)Headers|throwExceptionOnFailure|transferException|"
                    + "disableStreamCache|ignoreResponseBody|headerFilterStrategy|sslContextParameters|x509HostnameVerifier|"
                    + "useSystemProperties|maxTotalConnections|connectionsPerRoute|connectionClose|(get|delete)WithBody|"
                    + "auth(Domain|Host|enticationPreemptive)|lazyStartProducer|userAgent|multipart.*|logHttpActivity");

    private static final Pattern LOOPBACK = Pattern.compile("http://(127\\.0\\.0\\.1|localhost|\\[::1])([:/].*)?");

    private AskRules() {}

    static boolean concern(EndpointCall call) {
        return call.scheme().equals("http") || call.scheme().equals("https") || isSalesforce(call);
    }

    static boolean isSalesforce(EndpointCall call) {
        return call.scheme().equals(SalesforceOptions.SCHEME);
    }

    static void check(YamlFile file, EndpointCall call) {
        if (call.receives().isEmpty()) {
            file.problem(
                    call.at(),
                    "what is answered here would take the event's place; keep it with variableReceive: <name>, and the"
                            + " mapping reads it as $lookup.<name>");
        }
        if (!isSalesforce(call)) {
            checkNames(file, call);
        }
        var parameters = new HashMap<String, String>();
        call.parameters().forEach((name, value) -> parameters.put(name, settled(value.text())));
        try {
            var asked = Asked.of(call, parameters);
            var credentials = asked.options.credentials();
            var login = credentials instanceof Credentials.Session session && session.login() != null
                    ? session.login()
                    : credentials;
            if (login != null && isOpen(asked.address)
                    || login instanceof Credentials.Client client && isOpen(client.endpoint())) {
                file.problem(call.at(), "a secret would go over the network for all to read: say https:");
            }
            if (asked.options.sends() && call.sends().isEmpty()) {
                file.problem(call.at(), "what is to be sent? Make it with setVariable, and say variableSend: <name>");
            }
        } catch (IllegalArgumentException e) {
            // secrets by their names: the number that they stand in the parameters with would let a text ask for them
            file.problem(call.at(), SecretReference.words(String.valueOf(e.getMessage())));
        }
    }

    private record Asked(String address, AskOptions options) {

        static Asked of(EndpointCall call, HashMap<String, String> parameters) {
            if (isSalesforce(call)) {
                var salesforce = SalesforceOptions.take(call.name(), parameters);
                return new Asked(salesforce.instance(), salesforce.asking());
            }
            var options = AskOptions.take(parameters);
            options.suit(AddressTemplate.of(call.scheme(), settled(call.name()), parameters));
            return new Asked(call.scheme() + "://" + call.name(), options);
        }
    }

    private static void checkNames(YamlFile file, EndpointCall call) {
        call.parameters().forEach((name, value) -> {
            var meant = Dsl.nearest(name, AskOptions.NAMES);
            if (meant != null && !meant.equals(name)) {
                file.problem(value.at(), "\"" + name + "\" would go into the address; did you mean \"" + meant + "\"?");
            } else if (meant == null && CAMELS.matcher(name).matches()) {
                file.problem(
                        value.at(),
                        "\"" + name + "\" is for the hub to decide; of Camel's parameters there are "
                                + AskOptions.NAMES.stream().sorted().toList());
            }
        });
    }

    private static boolean isOpen(String address) {
        return address.startsWith("http://") && !LOOPBACK.matcher(address).matches();
    }

    /** As if all that is filled in at a start had been. */
    private static String settled(String text) {
        return PLACEHOLDER.matcher(text).replaceAll(found -> {
            var name = found.group(1).strip();
            return Matcher.quoteReplacement(
                    SecretReference.NAME.matcher(name).matches() ? SecretReference.to(name) : "x");
        });
    }

    /** A name that no other event shares: with a colon in it, a variable would be the route's, or everybody's. */
    static void checkVariable(YamlFile file, org.snakeyaml.engine.v2.nodes.Node name) {
        if (!VARIABLE.matcher(YamlFile.text(name)).matches()) {
            file.problem(name, "a variable is named with a small letter, and letters and digits behind it");
        }
    }
}
