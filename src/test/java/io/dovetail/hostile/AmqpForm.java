package io.dovetail.hostile;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;

/** How a sound body becomes a message, where that is not the usual one of bytes. */
@FunctionalInterface
non-sealed interface AmqpForm extends Form {

    Message message(Session session, byte[] body) throws JMSException;
}
