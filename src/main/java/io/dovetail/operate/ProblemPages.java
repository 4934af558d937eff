package io.dovetail.operate;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Errors that no controller of ours has answered, of Spring's firewall and security and of Tomcat itself, as problems. */
final class ProblemPages {

    private ProblemPages() {}

    /** Where Spring's filters send what they refuse. */
    @Controller
    static final class OfSpring implements ErrorController {

        @RequestMapping("/error")
        void problem(HttpServletRequest request, HttpServletResponse response) throws IOException {
            // without a status somebody has asked for this path itself
            write(
                    response,
                    request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status ? status : 404);
        }
    }

    /** What is no request at all never comes as far as Spring. */
    @org.springframework.stereotype.Component
    static final class OnTomcat implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

        @Override
        public void customize(TomcatServletWebServerFactory factory) {
            factory.addContextCustomizers(context -> {
                if (context.getParent() instanceof StandardHost host) {
                    host.setErrorReportValveClass(OfTomcat.class.getName());
                }
            });
        }
    }

    /** Made by Tomcat by its name. */
    public static final class OfTomcat extends ErrorReportValve {

        @Override
        protected void report(Request request, Response response, Throwable thrown) {
            if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
                return;
            }
            try {
                write(response, response.getStatus());
                response.finishResponse();
            } catch (IOException | IllegalStateException e) {
                // whoever asked has gone
            }
        }
    }

    private static void write(HttpServletResponse response, int asked) throws IOException {
        // a sender gives up at a 500 and comes again at a 503
        var status = asked == 500 ? 503 : asked;
        var known = HttpStatus.resolve(status);
        var body = "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}"
                .formatted(known == null ? "Error" : known.getReasonPhrase(), status, detail(status))
                .getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType("application/problem+json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static String detail(int status) {
        return switch (status) {
            case 400 -> "The request breaks the rules of HTTP, or its address or headers have a form that is refused.";
            case 401 -> "Give an operator's name and password. Deliveries go to /in/CONNECTOR by POST.";
            case 403 -> "The role of this operator does not allow it.";
            case 404 -> "There is nothing at this address.";
            case 405 -> "This address does not take this method.";
            case 429 -> "Too many logins failed; try again later, as Retry-After says.";
            default -> status < 500 ? "The request is refused." : "The hub cannot answer this request.";
        };
    }
}
