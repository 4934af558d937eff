package io.dovetail.camel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.connector.Problems;
import io.dovetail.connector.Problems.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code check} says of routes that ask other systems. */
class AskLintTest {

    private static final String KAMELET = "connectors/shop/shop-customer.kamelet.yaml";
    private static final String ROUTE = "routes/translate/shop.camel.yaml";
    private static final String CONNECTOR = "connectors/shop/connector.yaml";

    private final Shop shop =
            new Shop().asks("https://crm.example.com").put("schemas/events/order.changed.v1.schema.json", "{}");

    private List<String> check() {
        var problems = new Problems();
        RouteLint.check(Map.copyOf(shop.files()), problems);
        return problems.list().stream().map(Problem::toString).toList();
    }

    @Test
    void findsNothingWrongWithARouteThatAsksAsItSays() {
        assertThat(check()).isEmpty();
    }

    @Test
    void wantsTheConnectorToSayIt() {
        shop.change(CONNECTOR, "calls: { deadline: 15s, atOnce: 4 }\n", "");
        assertThat(check())
                .singleElement()
                .asString()
                .startsWith(ROUTE + ":8: asks another system (https://crm.example.com/customers/{number})")
                .contains(CONNECTOR)
                .contains("calls: { deadline: 5s, atOnce: 8 }");
    }

    @Test
    void wantsARouteWhereAConnectorSaysIt() {
        shop.files().remove(ROUTE);
        assertThat(check()).singleElement().asString().matches(CONNECTOR + ":\\d+: calls: there is no " + ROUTE + ".*");
    }

    @Test
    void wantsTheRouteToAskWhereAConnectorSaysIt() {
        shop.change(ROUTE, "        - to: kamelet:shop-customer\n", "");
        assertThat(check()).singleElement().asString().contains(CONNECTOR).contains("asks nobody");
    }

    @Test
    void letsNoPolicyAskHoweverFarAway() {
        shop.put("connectors/shop/shop-further.kamelet.yaml", """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata:
                  name: shop-further
                spec:
                  definition:
                    title: Further
                    description: Asks by another one.
                    type: object
                  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - to: kamelet:shop-customer
                """);
        shop.put("routes/triggers/nosy.camel.yaml", """
                - route:
                    id: nosy
                    description: Asks somebody.
                    from:
                      uri: kamelet:hub-event
                      parameters:
                        types: order.placed.v1
                      steps:
                        - to: kamelet:shop-further
                """);
        assertThat(check())
                .singleElement()
                .asString()
                .startsWith("routes/triggers/nosy.camel.yaml:9: asks another system")
                .contains("policies ask nobody");
    }

    @Test
    void letsNobodyAskForEveryConnector() {
        shop.change("routes/translate/default.camel.yaml", "- to: kamelet:hub-mapping", """
                - to: kamelet:shop-customer
                        - to: kamelet:hub-mapping""");
        assertThat(check())
                .singleElement()
                .asString()
                .startsWith("routes/translate/default.camel.yaml:")
                .contains("for every connector");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        variableReceive: customer                    | pattern: InOut                                            | would take the event's place
        variableReceive: customer                    | variableReceive: 'global:customer'                        | named with a small letter
        name: number                                 | name: 'route:number'                                      | named with a small letter
        https://crm.example.com/customers/{number}   | https://{host}/customers/{number}                         | is no host
        https://crm.example.com/customers/{number}   | 'https://crm.example.com/a b'                             | has a character
        https://crm.example.com/customers/{number}   | https://crm.example.com/a?okStatusCodeRange=200-399       | 404 and 410
        https://crm.example.com/customers/{number}   | 'https://crm.example.com/a?answerHeaders=X Y'             | names with commas
        https://crm.example.com/customers/{number}   | https://crm.example.com/a?httpMethod=DELETE               | GET, POST, PUT or PATCH
        https://crm.example.com/customers/{number}   | https://crm.example.com/a?httpMethod=PUT                  | say variableSend
        https://crm.example.com/customers/{number}   | https://crm.example.com/a?httpMethod=PATCH                | say variableSend
        https://crm.example.com/customers/{number}   | 'https://crm/a?csrfTokenEndpoint=https://crm/'            | for what changes something
        https://crm.example.com/customers/{number}   | 'https://crm/a?httpMethod=POST&csrfTokenEndpoint=https://crm/' | authMethod or oauth2ClientId
        https://crm.example.com/customers/{number}   | 'https://crm/a?httpMethod=POST&authMethod=Bearer&authBearerToken={{shop.t}}&csrfTokenEndpoint=https://crm.evil.com/a' | scheme, host and port
        https://crm.example.com/customers/{number}   | 'http://crm/a?httpMethod=POST&authMethod=Bearer&authBearerToken={{shop.t}}&csrfTokenEndpoint=http://crm/a' | say https:
        https://crm.example.com/customers/{number}   | 'https://crm/a?oauth2ClientId=hub&oauth2TokenEndpoint=https://idp/t&oauth2Username=u' | oauth2Username and oauth2Password belong together
        https://crm.example.com/customers/{number}   | 'https://crm/a?sessionEndpoint=https://crm/login' | sessionEndpoint, sessionField and sessionHeader belong together
        https://crm.example.com/customers/{number}   | 'https://crm/a?sessionEndpoint=https://crm/login&sessionField=id&sessionHeader=X-Id' | a session is somebody
        https://crm.example.com/customers/{number}   | 'https://crm/a?authMethod=Bearer&authBearerToken={{shop.t}}&sessionEndpoint=https://evil/login&sessionField=id&sessionHeader=X-Id' | sessionEndpoint has the scheme, host and port
        https://crm.example.com/customers/{number}   | 'https://crm/a?authMethod=Bearer&authBearerToken={{shop.t}}&sessionEndpoint=https://crm/login&sessionField=id&sessionHeader=Cookie' | is none that shows a session
        https://crm.example.com/customers/{number}   | 'https://crm/a?authMethod=Bearer&authBearerToken={{shop.t}}&sessionEndpoint=https://crm/login&sessionField=a.b&sessionHeader=X-Id' | the name of a field
        https://crm.example.com/customers/{number}   | 'https://crm/a?authMethod=Bearer&authBearerToken={{shop.t}}&sessionEndpoint=https://crm/login&sessionField=id&sessionHeader=X-Id&sessionRefusedBy=500' | a list of 400, 401 and 403
        https://crm.example.com/customers/{number}   | 'http://crm/a?sessionBody={"a":"{{shop.t}}"}&sessionEndpoint=http://crm/login&sessionField=id&sessionHeader=X-Id' | say https:
        https://crm.example.com/customers/{number}   | 'https://crm/a?sessionBody={"a":{{shop.t}}&sessionEndpoint=https://crm/login&sessionField=id&sessionHeader=X-Id' | sessionBody is no JSON
        https://crm.example.com/customers/{number}   | 'https://crm/a?allowanceReserve=5' | allowanceHeader is missing
        https://crm.example.com/customers/{number}   | 'https://crm/a?allowanceHeader=X-Left&allowanceReserve=few' | a whole number of requests
        https://crm.example.com/customers/{number}   | 'https://crm/a?oauth2ClientId=hub'                        | belong together
        https://crm.example.com/customers/{number}   | 'https://crm/a?oauth2ClientId=hub&oauth2ClientSecret={{shop.s}}&oauth2TokenEndpoint=http://idp/t' | say https:
        https://crm.example.com/customers/{number}   | 'http://crm/a?oauth2ClientId=hub&oauth2ClientSecret={{shop.s}}&oauth2TokenEndpoint=https://idp/t' | say https:
        https://crm.example.com/customers/{number}   | 'https://crm/a?oauth2ClientId=hub&oauth2ClientSecret={{shop.s}}&oauth2TokenEndpoint=https://{number}/t' | is no host
        https://crm.example.com/customers/{number}   | 'https://crm/a?oauth2ClientId=hub&oauth2ClientSecret=abcdefgh&oauth2TokenEndpoint=https://idp/t' | holds a secret in plain text
        https://crm.example.com/customers/{number}   | https://crm.example.com/a?httpMethod=POST                 | say variableSend
        https://crm.example.com/customers/{number}   | 'http://crm/a?authMethod=Bearer&authBearerToken={{shop.t}}' | say https:
        https://crm.example.com/customers/{number}   | 'https://crm/a?authMethod=Bearer&authBearerToken={{jira.t}}' | {{jira.t}} stands for nothing here
        https://crm.example.com/customers/{number}   | 'https://crm/a?authMethod=Bearer&authBearerToken={{env:TOKEN}}' | {{env:TOKEN}} is no parameter
        https://crm.example.com/customers/{number}   | 'https://crm/a?authMethod=Bearer&authBearerToken=abcdefgh' | holds a secret in plain text
        https://crm.example.com/customers/{number}   | 'https://crm/a?authUsername=hub'                          | authMethod is missing
        expression: .order.number                    | expression: $order.number                                 | unknown variable $order
        - setVariable                                | - enrich                                                  | lets the message choose
        - setVariable                                | - pollEnrich                                              | lets the message choose
        - setVariable                                | - poll                                                    | waits for what another system may say
        - setVariable                                | - circuitBreaker                                          | hides failures
        """)
    void namesEveryFault(String sound, String faulty, String problem) {
        shop.change(KAMELET, sound, faulty);
        assertThat(check())
                .anySatisfy(found -> assertThat(found).startsWith(KAMELET + ":").contains(problem));
    }

    @Test
    void knowsItsParametersAndNoOthers() {
        shop.change(
                KAMELET,
                "            variableReceive: customer",
                "            variableReceive: customer\n            parameters:\n              authMehtod: Basic\n"
                        + "              followRedirects: true\n              expand: all");
        assertThat(check())
                .anyMatch(found -> found.contains("did you mean \"authMethod\"?"))
                .anyMatch(found -> found.contains("\"followRedirects\" is for the hub to decide"))
                .noneMatch(found -> found.contains("expand"));
    }

    @Test
    void knowsTheHeadersThatARouteMaySet() {
        for (var header : List.of("CamelHttpUri", "Host", "Authorization", "X-Forwarded-Host")) {
            assertThat(withHeader(header)).anyMatch(found -> found.contains("the header " + header + " is not for"));
        }
        assertThat(withHeader("Ocp-Apim-Subscription-Key")).isEmpty();
        assertThat(withHeader("Accept-Language")).isEmpty();
    }

    private List<String> withHeader(String name) {
        shop.put(ROUTE, """
                - route:
                    id: shop
                    description: An order's customer is looked up.
                    from:
                      uri: direct:translate-shop
                      steps:
                        - setHeaders:
                            headers:
                              - name: %s
                                expression:
                                  constant: "{{shop.key}}"
                        - to: kamelet:shop-customer
                """.formatted(name));
        return check();
    }

    @Test
    void readsEveryNameOfASecret() {
        shop.put(
                "routes/translate/shop.camel.yaml",
                new String(shop.file(ROUTE), UTF_8).replace("looked up", "{{shop.a}} {{shop.b}}"));
        shop.change(KAMELET, "https://crm.example.com", "https://{{shop.host}}");
        assertThat(SecretNames.in(shop.files())).containsExactly("shop.a", "shop.b", "shop.host");
        assertThat(check()).isEmpty();
    }
}
