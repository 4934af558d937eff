package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.JsltException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * {@code to-utc("2026-03-29T01:30:00", "Europe/Berlin")}, for sources that write the time of a clock on some wall. An hour
 * that the clock shows twice is the first of the two; one that it leaves out is as much later as it leaves out.
 */
final class ToUtc {

    static final Function FUNCTION = new Ours("to-utc", 2, ToUtc::instant);

    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'");

    private ToUtc() {}

    private static JsonNode instant(JsonNode[] given) {
        if (given[0].isNull()) {
            return given[0];
        }
        try {
            return TextNode.valueOf(LocalDateTime.parse(given[0].asText())
                    .atZone(ZoneId.of(given[1].asText()))
                    .withZoneSameInstant(ZoneOffset.UTC)
                    .format(SECONDS));
        } catch (DateTimeException e) {
            throw new JsltException("to-utc() needs a time and the name of a time zone: " + e.getMessage());
        }
    }
}
