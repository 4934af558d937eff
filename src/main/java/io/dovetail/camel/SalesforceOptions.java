package io.dovetail.camel;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a {@code salesforce:} endpoint, of the names that they have in Camel's own component and in the hub's
 * {@code https:}.
 *
 * @param instance scheme, host and port
 * @param parameters of the component, the same for every event
 * @param id the parameter that an event fills in; blank: none
 * @param variable where its value is
 */
record SalesforceOptions(
        String operation,
        String instance,
        Map<String, String> parameters,
        String id,
        String variable,
        AskOptions asking) {

    static final String SCHEME = "salesforce";

    private static final String NAME = "[A-Za-z][A-Za-z0-9_]{0,79}";

    /** What the hub's endpoints have in common. */
    private static final Set<String> HUBS =
            Set.of("oauth2ClientId", "oauth2ClientSecret", "oauth2TokenEndpoint", "oauth2Scope", "answerPassing");

    private static final Set<String> IDS = Set.of("sObjectId", "sObjectIdValue");

    private record Form(Pattern pattern, String words) {
        Form(String pattern, String words) {
            this(Pattern.compile(pattern), words);
        }
    }

    // x: a Kamelet's parameter is not filled in while it is checked
    private static final Map<String, Form> FORMS = Map.of(
            "apiVersion", new Form("\\d{2,3}\\.0|x", "a version as 62.0"),
            "sObjectName", new Form(NAME, "the API name of an object, as Account"),
            "sObjectIdName", new Form(NAME, "the API name of an external id, as CustomerNumber__c"),
            "sObjectFields", new Form(NAME + "(," + NAME + "){0,99}", "API names of fields, with commas between them"),
            "sObjectId", new Form("\\{[a-z][A-Za-z0-9]*}", "{variable}, whose value is a record's Id"),
            "sObjectIdValue", new Form("\\{[a-z][A-Za-z0-9]*}", "{variable}, whose value names the record"),
            "notFoundBehaviour", new Form("NULL|EXCEPTION|x", "NULL or EXCEPTION"));

    /** One that may be asked twice. A version is required beside what is {@code required} here. */
    private record Operation(String method, Set<String> required, Set<String> optional) {}

    private static final Map<String, Operation> OPERATIONS = new TreeMap<>(Map.of(
            "getSObject",
            new Operation("GET", Set.of("sObjectName", "sObjectId"), Set.of("sObjectFields", "notFoundBehaviour")),
            "getSObjectWithId",
            new Operation("GET", Set.of("sObjectName", "sObjectIdName", "sObjectIdValue"), Set.of("notFoundBehaviour")),
            "upsertSObject",
            new Operation("PATCH", Set.of("sObjectName", "sObjectIdName", "sObjectIdValue"), Set.of()),
            "composite",
            new Operation("POST", Set.of(), Set.of())));

    /** @throws IllegalArgumentException naming what is wrong and what it should be */
    static SalesforceOptions take(String name, Map<String, String> given) {
        var operation = OPERATIONS.get(name);
        if (operation == null) {
            throw new IllegalArgumentException(
                    "salesforce:" + name + " is none of the operations that may be asked again without harm, "
                            + OPERATIONS.keySet() + "; ask for anything else by its address, with https:");
        }
        var required = new TreeSet<>(operation.required);
        // that of the component would change with it
        required.add("apiVersion");
        var known = new TreeSet<>(required);
        known.addAll(operation.optional);
        given.forEach((parameter, value) -> check(name, known, parameter, value));
        var missing = new TreeSet<>(required);
        missing.removeAll(given.keySet());
        if (!missing.isEmpty() || !given.containsKey("instanceUrl") || !given.containsKey("oauth2ClientId")) {
            throw new IllegalArgumentException("salesforce:" + name + " needs "
                    + (missing.isEmpty() ? "instanceUrl and oauth2ClientId" : String.join(", ", missing)));
        }
        var instance = given.get("instanceUrl");
        if (!instance.matches("https?://[^/]+")) {
            throw new IllegalArgumentException(
                    "instanceUrl is scheme and host, and no path: https://{{salesforce.host}}");
        }
        instance = AskOptions.fixed("instanceUrl", instance);
        var id = operation.required.stream().filter(IDS::contains).findFirst().orElse("");
        var variable = given.getOrDefault(id, "").replaceAll("[{}]", "");
        var parameters = new HashMap<>(given);
        parameters.keySet().retainAll(known);
        parameters.remove(id);
        return new SalesforceOptions(name, instance, parameters, id, variable, asking(operation.method, given));
    }

    private static void check(String operation, Set<String> known, String parameter, String value) {
        if (HUBS.contains(parameter) || parameter.equals("instanceUrl")) {
            return;
        }
        if (!known.contains(parameter)) {
            var all = new TreeSet<>(known);
            all.addAll(HUBS);
            all.add("instanceUrl");
            var meant = Dsl.nearest(parameter, all);
            throw new IllegalArgumentException("salesforce:" + operation + " has no parameter \"" + parameter
                    + "\" here" + (meant == null ? "; it has " + all : "; did you mean \"" + meant + "\"?"));
        }
        var form = FORMS.get(parameter);
        if (form != null && !form.pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(parameter + " is " + form.words + ", not " + value);
        }
    }

    private static AskOptions asking(String method, Map<String, String> given) {
        var options = new HashMap<>(given);
        options.keySet().retainAll(HUBS);
        options.put("httpMethod", method);
        if (mayBeAbsent(given)) {
            options.put("okStatusCodeRange", "200-299,404");
        }
        return AskOptions.take(options);
    }

    /** Whether it is an answer, too, that there is no such record. */
    boolean mayBeAbsent() {
        return mayBeAbsent(parameters);
    }

    private static boolean mayBeAbsent(Map<String, String> parameters) {
        return "NULL".equals(parameters.get("notFoundBehaviour"));
    }

    /** The value of {@link #id} for an event. */
    String idOf(Function<String, @Nullable String> variables) {
        var value = variables.apply(variable);
        // in an address or not, the same is none
        new AddressTemplate("{" + variable + "}").fill(variables);
        if (id.equals("sObjectId") && !String.valueOf(value).matches("[A-Za-z0-9]{15}([A-Za-z0-9]{3})?")) {
            throw new AddressTemplate.UnfitException(
                    "the value for {" + variable + "} is no Id of 15 or 18 letters and digits");
        }
        return String.valueOf(value);
    }

    /** An address as its route has it: the id is the last segment. */
    String endpoint(String address) {
        return id.isEmpty() ? address : address.replaceFirst("/[^/?]+(?=$|\\?)", "/{" + variable + "}");
    }
}
