package io.dovetail.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.connector.Problems;
import io.dovetail.connector.Problems.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code check} says of steps by which camel-salesforce asks. */
class SalesforceLintTest {

    private static final String KAMELET = "connectors/shop/shop-customer.kamelet.yaml";
    private static final String ROUTE = "routes/translate/shop.camel.yaml";

    private final Shop shop = new Shop()
            .asks("https://crm.example.com")
            .put("schemas/events/order.changed.v1.schema.json", "{}")
            .put(KAMELET, """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata:
                  name: shop-customer
                spec:
                  definition:
                    title: Customer
                    description: Makes the record of a customer as it should be.
                    type: object
                    properties:
                      object:
                        title: Object
                        description: The API name of the record's object.
                        type: string
                  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - to:
                            uri: salesforce:upsertSObject
                            variableSend: record
                            variableReceive: done
                            parameters:
                              instanceUrl: https://{{shop.host}}
                              apiVersion: "62.0"
                              sObjectName: "{{object}}"
                              sObjectIdName: Number__c
                              sObjectIdValue: "{number}"
                              oauth2ClientId: "{{shop.client}}"
                              oauth2ClientSecret: "{{shop.client-secret}}"
                              oauth2TokenEndpoint: https://{{shop.host}}/services/oauth2/token
                """);

    private List<String> check() {
        var problems = new Problems();
        RouteLint.check(Map.copyOf(shop.files()), problems);
        return problems.list().stream().map(Problem::toString).toList();
    }

    @Test
    void findsNothingWrongWithAStepAsItShouldBe() {
        assertThat(check()).isEmpty();
    }

    @Test
    void wantsTheConnectorToSayThatItsRouteAsks() {
        shop.change("connectors/shop/connector.yaml", "calls: { deadline: 15s, atOnce: 4 }\n", "");
        assertThat(check())
                .singleElement()
                .asString()
                .startsWith(ROUTE + ":8: asks another system (salesforce:upsertSObject)")
                .contains("calls: { deadline: 5s, atOnce: 8 }");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        salesforce:upsertSObject         | salesforce:createSObject                  | none of the operations that may be asked again
        salesforce:upsertSObject         | salesforce:deleteSObjectWithId            | ask for anything else by its address, with https:
        salesforce:upsertSObject         | salesforce:apexCall/Shop                  | [composite, getSObject, getSObjectWithId, upsertSObject]
        salesforce:upsertSObject         | salesforce:UpsertSObject                  | none of the operations
        salesforce:upsertSObject         | salesforce:raw                            | none of the operations
        salesforce:upsertSObject         | salesforce:composite                      | has no parameter "sObject
        variableReceive: done            | pattern: InOut                            | would take the event's place
        variableSend: record             | id: make                                  | say variableSend
        instanceUrl: https               | instanceUrl: http                         | say https:
        https://{{shop.host}}/services   | http://{{shop.host}}/services             | say https:
        instanceUrl: https://{{shop.host}} | instanceUrl: https://{{shop.host}}/x    | instanceUrl is scheme and host
        instanceUrl: https://{{shop.host}} | instanceUrl: 'https://{host}'           | is no host
        instanceUrl: https://{{shop.host}} | instanceUrl: crm.example.com        | instanceUrl is scheme and host
        apiVersion: "62.0"               | answerPassing: WAIT                       | needs apiVersion
        sObjectName: "{{object}}"        | sObjectName: '{{shop.host}}'              | , not {{shop.host}}
        'instanceUrl:'                   | 'instanceURl:'                            | did you mean "instanceUrl"?
        apiVersion: "62.0"               | apiVersion: '../v62.0'                    | apiVersion is a version as 62.0
        sObjectName: "{{object}}"        | sObjectName: '{object}'                   | sObjectName is the API name of an object
        sObjectIdName: Number__c         | sObjectIdName: Number__c/1                | sObjectIdName is the API name of an external id
        sObjectIdValue: "{number}"       | sObjectIdValue: 'A-{number}'              | sObjectIdValue is {variable}
        sObjectIdValue: "{number}"       | rawPayload: false                         | no parameter "rawPayload" here; it has [answerPassing, apiVersion,
        sObjectIdValue: "{number}"       | headerFilterStrategy: '#x'                | no parameter "headerFilterStrategy"
        oauth2ClientSecret: "{{shop.client-secret}}" | oauth2ClientSecret: abcdefgh  | holds a secret in plain text
        oauth2ClientId: "{{shop.client}}" | oauth2Scope: api                         | needs instanceUrl and oauth2ClientId
        oauth2ClientSecret: "{{shop.client-secret}}" | oauth2ClientSecret: '{{jira.s}}' | {{jira.s}} stands for nothing here
        """)
    void namesEveryFault(String sound, String faulty, String problem) {
        shop.change(KAMELET, sound, faulty);
        assertThat(check())
                .anySatisfy(found -> assertThat(found).startsWith(KAMELET + ":").contains(problem));
    }

    @Test
    void letsNoRouteListen() {
        shop.change(ROUTE, "uri: direct:translate-shop", "uri: salesforce:pubSubSubscribe:/data/AccountChangeEvent");
        assertThat(check())
                .anySatisfy(found -> assertThat(found)
                        .startsWith(ROUTE + ":")
                        .contains(
                                "no route listens to Salesforce by itself: begin a poller with kamelet:hub-subscribe"));
    }
}
