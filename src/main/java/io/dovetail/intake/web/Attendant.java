package io.dovetail.intake.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/** Goes with each request, in its own thread, and tells {@link DeadlineProtocol} what that cannot look up from another. */
final class Attendant extends ValveBase {

    Attendant() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        var protocol = (DeadlineProtocol) request.getConnector().getProtocolHandler();
        var coyote = request.getCoyoteRequest();
        protocol.comes(coyote, coyote.getMimeHeaders().getValue("transfer-encoding") != null);
        try {
            getNext().invoke(request, response);
        } finally {
            // while the hub stops, whoever is still answered is the last one of his connection
            if (protocol.isPaused() && !response.isCommitted()) {
                DeadlineProtocol.sayTheEnd(response.getCoyoteResponse());
            }
        }
    }
}
