package io.dovetail.intake;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** W3C Trace Context, version 00: the sender's trace goes on where there is one. */
final class Traces {

    private static final Pattern TRACEPARENT =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private static final HexFormat HEX = HexFormat.of();

    private Traces() {}

    static String continued(@Nullable String traceparent) {
        var random = ThreadLocalRandom.current();
        var span = HEX.toHexDigits(random.nextLong() | 1);
        if (traceparent != null && TRACEPARENT.matcher(traceparent).matches()) {
            return traceparent.substring(0, 36) + span + "-01";
        }
        return "00-" + HEX.toHexDigits(random.nextLong() | 1) + HEX.toHexDigits(random.nextLong()) + "-" + span + "-01";
    }
}
