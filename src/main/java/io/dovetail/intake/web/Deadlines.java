package io.dovetail.intake.web;

import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Puts the doors under {@link DeadlineProtocol}, with as little memory for each connection as they need. */
@Component
final class Deadlines implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final String BUFFER = Integer.toString(4 * 1024);

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.setProtocol(DeadlineProtocol.class.getName());
        factory.addEngineValves(new Attendant());
        // half of Tomcat's, since every connection has them; a large body is read past them
        factory.addConnectorCustomizers(connector -> {
            connector.setProperty("socket.appReadBufSize", BUFFER);
            connector.setProperty("socket.appWriteBufSize", BUFFER);
        });
    }
}
