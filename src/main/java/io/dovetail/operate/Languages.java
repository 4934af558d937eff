package io.dovetail.operate;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * The hub speaks one language, so nobody is asked for his. Spring asks Tomcat with every request, though, and Tomcat
 * fails on a list of many languages: a stranger would get a 503 for it, and the log a stack trace.
 */
@Component
final class Languages implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addEngineValves(new Forgetting());
    }

    private static final class Forgetting extends ValveBase {

        Forgetting() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            request.getCoyoteRequest().getMimeHeaders().removeHeader("Accept-Language");
            getNext().invoke(request, response);
        }
    }
}
