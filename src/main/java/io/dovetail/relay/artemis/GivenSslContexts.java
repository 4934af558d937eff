package io.dovetail.relay.artemis;

import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQIllegalStateException;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.spi.core.remoting.ssl.SSLContextConfig;
import org.apache.activemq.artemis.spi.core.remoting.ssl.SSLContextFactory;

/** Gives Artemis the context that stands in its own parameters. Found by the name of the file below META-INF/services. */
public final class GivenSslContexts implements SSLContextFactory {

    @Override
    public SSLContext getSSLContext(SSLContextConfig files, Map<String, Object> parameters) throws ActiveMQException {
        if (parameters.get(TransportConstants.SSL_CONTEXT_PROP_NAME) instanceof SSLContext context) {
            return context;
        }
        throw new ActiveMQIllegalStateException("The broker speaks TLS only as Tls says");
    }

    /** Above Artemis' own, which read key stores from files. */
    @Override
    public int getPriority() {
        return 100;
    }
}
