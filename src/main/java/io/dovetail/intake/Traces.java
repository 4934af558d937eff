package io.dovetail.intake;

import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * W3C Trace Context, version 00: the sender's trace goes on where there is one. Else it bears the delivery's id, so that
 * whoever searches for it needs no further index.
 */
final class Traces {

    private static final Pattern TRACEPARENT =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private static final HexFormat HEX = HexFormat.of();

    private Traces() {}

    static String continued(@Nullable String traceparent, UUID delivery) {
        var span = HEX.toHexDigits(ThreadLocalRandom.current().nextLong() | 1);
        if (traceparent != null && TRACEPARENT.matcher(traceparent).matches()) {
            return traceparent.substring(0, 36) + span + "-01";
        }
        return "00-" + delivery.toString().replace("-", "") + "-" + span + "-01";
    }
}
