package io.dovetail.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A hub with its door that does all as it should, but for one fault that it has been given. */
final class FaultyHub implements Door, Target {

    enum Fault {
        NONE,
        FAILS,
        TAKES_THE_UNPROVED,
        REFUSES_THE_GOOD,
        FETCHES,
        SHOWS_A_FILE,
        WRITES_A_FILE,
        CHANGES_A_FILE,
        WAKES_A_CLASS,
        STORES_WHAT_IT_REFUSES,
        PARKS_AS_POISON,
        ENDS_OTHERWISE,
        SAYS_OTHERWISE,
        LOGS_A_TRACE,
        LOSES_COUNT,
        BURNS
    }

    static final Attack ATTACK = new Attack(
            "control",
            "text",
            Ending.ACCEPTANCE,
            () -> Template.all().getFirst().sound("17"),
            new Echo("/summary", "as it was"));

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Fault fault;
    private final Canaries canaries;
    private long stored;
    private int delivered;
    private int settled;

    FaultyHub(Fault fault, Canaries canaries) {
        this.fault = fault;
        this.canaries = canaries;
    }

    @Override
    public String name() {
        return "faulty";
    }

    @Override
    public boolean carries(Delivery delivery) {
        return true;
    }

    @Override
    public Reply deliver(Delivery delivery, Arm arm) {
        delivered++;
        harm();
        if (fault == Fault.FAILS) {
            return new Reply.Wrong("it answers 500", "");
        }
        if (arm == Arm.UNSIGNED && fault != Fault.TAKES_THE_UNPROVED) {
            stored += fault == Fault.STORES_WHAT_IT_REFUSES ? 1 : 0;
            return new Reply.Refused("401", fault == Fault.SHOWS_A_FILE ? Canaries.SECRET : "");
        }
        if (fault == Fault.REFUSES_THE_GOOD && delivered > 2) {
            return new Reply.Refused("503", "");
        }
        stored++;
        return new Reply.Taken(UUID.randomUUID().toString(), false, "");
    }

    private void harm() {
        try {
            switch (fault) {
                case FETCHES -> new Socket("127.0.0.1", canaries.port()).close();
                case WRITES_A_FILE -> Files.writeString(canaries.nothing(), "x");
                case CHANGES_A_FILE -> Files.writeString(canaries.file(), "x");
                case WAKES_A_CLASS -> Bait.bite(canaries.bait(), "called");
                default -> {}
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Channel> channels() {
        return List.of();
    }

    @Override
    public JsonNode delivery(String id) {
        settled++;
        var state = switch (fault) {
            case PARKS_AS_POISON -> "parked";
            case ENDS_OTHERWISE -> "ignored";
            default -> "published";
        };
        var delivery = MAPPER.createObjectNode().put("state", state);
        var event = delivery.putArray("events").addObject().put("id", id);
        if (fault == Fault.PARKS_AS_POISON) {
            event.putObject("failure").put("kind", "POISON");
        }
        return delivery;
    }

    @Override
    public void forgetPublished() {
        // it keeps none
    }

    @Override
    public JsonNode published(String eventId) {
        var said = fault == Fault.SAYS_OTHERWISE ? "as it was not" : "as it was";
        var event = MAPPER.createObjectNode();
        event.putObject("data").put("summary", said);
        return fault == Fault.FAILS ? MissingNode.getInstance() : event;
    }

    @Override
    public long stored() {
        return stored;
    }

    @Override
    public Duration cpu() {
        return Duration.ofSeconds(fault == Fault.BURNS ? settled : 0);
    }

    @Override
    public List<String> leaks() {
        return fault == Fault.LOGS_A_TRACE && delivered > 0
                ? new ArrayList<>(List.of("the hub's log: \tat x"))
                : List.of();
    }

    @Override
    public List<String> health() {
        return fault == Fault.LOSES_COUNT ? List.of("the books do not balance") : List.of();
    }

    @Override
    public void close() {
        // nothing is open
    }
}
