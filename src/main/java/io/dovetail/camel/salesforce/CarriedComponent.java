package io.dovetail.camel.salesforce;

import java.util.Map;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.component.salesforce.SalesforceComponent;
import org.apache.camel.component.salesforce.SalesforceEndpoint;
import org.apache.camel.component.salesforce.SalesforceHttpClient;
import org.apache.camel.component.salesforce.SalesforceLoginConfig;
import org.apache.camel.component.salesforce.api.SalesforceException;
import org.apache.camel.component.salesforce.internal.SalesforceSession;
import org.apache.camel.component.salesforce.internal.client.DefaultRestClient;
import org.apache.camel.component.salesforce.internal.client.RestClient;

/** camel-salesforce's component with another client below it, and a session that nobody begins or ends. */
final class CarriedComponent extends SalesforceComponent {

    private final CarriedClient client = new CarriedClient();
    private final SalesforceLoginConfig login = new SalesforceLoginConfig();
    private final SalesforceSession session;

    /** @param instance scheme, host and port */
    CarriedComponent(CamelContext context, String instance) {
        super(context);
        login.setLazyLogin(true);
        session = new SalesforceSession(context, client, client.getTimeout(), login) {
            @Override
            public String getInstanceUrl() {
                return instance;
            }

            /** Any: it is not sent. */
            @Override
            public String getAccessToken() {
                return "none";
            }

            @Override
            public String login(String old) {
                return getAccessToken();
            }

            @Override
            public void logout() {}
        };
    }

    AsyncProducer producer(String operation, Map<String, Object> parameters) throws Exception {
        return createEndpoint("salesforce:" + operation, operation, parameters).createAsyncProducer();
    }

    /** Neither threads nor a login, nor a search of the class path. */
    @Override
    protected void doStart() {}

    @Override
    protected void doStop() {}

    @Override
    public CarriedClient getHttpClient() {
        return client;
    }

    @Override
    public SalesforceLoginConfig getLoginConfig() {
        return login;
    }

    @Override
    public SalesforceSession getSession() {
        return session;
    }

    @Override
    public RestClient createRestClientFor(SalesforceEndpoint endpoint) throws SalesforceException {
        SalesforceHttpClient carried = client;
        return new DefaultRestClient(carried, endpoint.getConfiguration().getApiVersion(), session, login);
    }
}
