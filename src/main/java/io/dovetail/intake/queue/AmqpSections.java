package io.dovetail.intake.queue;

import io.netty.buffer.ByteBuf;

/**
 * Looks at the sections of a message (AMQP 1.0, 3.2) while its bytes come by. What describes it, the broker keeps decoded
 * for as long as the message waits, and counts it for the bytes that it has, which are much fewer.
 */
final class AmqpSections {

    private static final int MAX_VALUES = 65_536;
    private static final int MAX_DESCRIBING = 100;
    private static final long APPLICATION_PROPERTIES = 0x74;
    private static final long FOOTER = 0x78;

    private final AmqpValues values;
    private int counted;
    private int describing;

    AmqpSections(AmqpNames names) {
        this.values = new AmqpValues(names::admit, MAX_VALUES, Long.MAX_VALUE);
    }

    void read(ByteBuf bytes) throws AmqpValues.Fault {
        while (bytes.isReadable()) {
            if (values.read(bytes)) {
                count();
            }
        }
    }

    private void count() throws AmqpValues.Fault {
        // application properties, the body and a footer are decoded anew when somebody asks for them
        if (!(values.descriptor() instanceof Long section && section >= APPLICATION_PROPERTIES && section <= FOOTER)) {
            describing += values.count() - counted;
            if (describing > MAX_DESCRIBING) {
                throw new AmqpValues.Fault(
                        "Annotations, header and properties have more than %d values.".formatted(MAX_DESCRIBING));
            }
        }
        counted = values.count();
    }

    /** Whether it may end here. */
    boolean isBetween() {
        return values.isBetween();
    }
}
