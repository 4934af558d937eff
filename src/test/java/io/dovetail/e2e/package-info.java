/** Tests of the hub as a whole: real sockets in, a real AMQP subscriber out. */
@NullMarked
package io.dovetail.e2e;

import org.jspecify.annotations.NullMarked;
