package io.dovetail.operate;

import io.dovetail.ledger.Actor;
import io.dovetail.ledger.Refusals;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.stereotype.Component;

/**
 * Has counted for the audit what is refused before anybody of ours has seen it: what breaks HTTP, what the firewall does
 * not like, methods and addresses that do not exist.
 */
final class RefusedRequests extends ValveBase {

    /** Puts it in front of everything at a port: the public one. */
    @Component
    static final class InFront implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

        private final Refusals refusals;

        InFront(Refusals refusals) {
            this.refusals = refusals;
        }

        @Override
        public void customize(TomcatServletWebServerFactory factory) {
            factory.addEngineValves(new RefusedRequests(refusals));
        }
    }

    /** And at the port for management, which is a web server of its own, and finds this by a file of META-INF/spring. */
    @ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
    static class AtManagement {

        @Bean
        InFront refusedRequests(Refusals refusals) {
            return new InFront(refusals);
        }
    }

    // where a login that succeeded is kept, and nothing else
    private static final SecurityContextRepository PROVED = new RequestAttributeSecurityContextRepository();

    private final Refusals refusals;

    private RefusedRequests(Refusals refusals) {
        super(true);
        this.refusals = refusals;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        try {
            getNext().invoke(request, response);
        } finally {
            var status = response.getStatus();
            // by 503 health says how the hub is
            if (status >= 400
                    && status != HttpServletResponse.SC_SERVICE_UNAVAILABLE
                    && request.getAttribute(Refusals.COUNTED) == null
                    && !isAnOperators(request)) {
                refusals.count(Actor.UNKNOWN, "request-refused", Integer.toString(status), null);
            }
        }
    }

    /**
     * Who has proved who he is has a name, and what is wrong then is a mistake and no attack. A header alone proves nothing,
     * and the firewall refuses before anybody has looked at it.
     */
    private static boolean isAnOperators(Request request) {
        return PROVED.containsContext(request);
    }
}
