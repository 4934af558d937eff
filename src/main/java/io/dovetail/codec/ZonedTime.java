package io.dovetail.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.JsltException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * {@code to-utc("2026-03-29T01:30:00", "Europe/Berlin")} and {@code from-utc} the other way, for sources that write the
 * time of a clock on some wall. An hour that the clock shows twice is the first of the two; one that it leaves out is as
 * much later as it leaves out.
 */
final class ZonedTime implements Function {

    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");

    static final Function TO_UTC = new ZonedTime(
            "to-utc",
            (text, zone) -> LocalDateTime.parse(text)
                            .atZone(zone)
                            .withZoneSameInstant(ZoneOffset.UTC)
                            .format(SECONDS)
                    + "Z");
    static final Function FROM_UTC = new ZonedTime(
            "from-utc",
            (text, zone) -> OffsetDateTime.parse(text).atZoneSameInstant(zone).format(SECONDS));

    private final String name;
    private final Turn turn;

    private interface Turn {
        String turn(String text, ZoneId zone);
    }

    private ZonedTime(String name, Turn turn) {
        this.name = name;
        this.turn = turn;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public int getMinArguments() {
        return 2;
    }

    @Override
    public int getMaxArguments() {
        return 2;
    }

    @Override
    public JsonNode call(JsonNode input, JsonNode[] given) {
        if (given[0].isNull()) {
            return given[0];
        }
        try {
            return TextNode.valueOf(turn.turn(given[0].asText(), ZoneId.of(given[1].asText())));
        } catch (DateTimeException e) {
            throw new JsltException(name + "() needs a time and the name of a time zone: " + e.getMessage());
        }
    }
}
