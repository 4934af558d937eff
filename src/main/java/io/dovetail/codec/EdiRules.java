package io.dovetail.codec;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a connector wants EDI to be read.
 *
 * @param charset whatever an interchange says of itself; null: as it says, and UTF-8 for X12, which says nothing
 * @param broken what a message goes down with whose own envelope is wrong
 * @param tests what becomes of messages that are not meant for production
 * @param loops by type of message ({@code 850}, {@code ORDERS}): the segments that begin a loop, as paths
 *     ({@code PO1}, {@code PO1/N1})
 */
public record EdiRules(@Nullable Charset charset, Broken broken, Tests tests, Map<String, List<String>> loops) {

    /** What is not taken when one message of an interchange breaks its envelope. */
    public enum Broken {
        /** All of it: the delivery is refused. */
        INTERCHANGE,
        /** The message alone, which is parked. */
        MESSAGE
    }

    /** What becomes of a message whose interchange says that it is a test. Never an event. */
    public enum Tests {
        PARK,
        IGNORE
    }

    /** What holds where a connector says nothing. */
    public static final EdiRules DEFAULT = new EdiRules(null, Broken.INTERCHANGE, Tests.PARK, Map.of());

    public EdiRules {
        loops = Map.copyOf(loops);
    }
}
