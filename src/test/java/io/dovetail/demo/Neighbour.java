package io.dovetail.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A system around the hub, as the demo plays it.
 *
 * @param counterpart what is played of it, in a few words
 * @param by how its news come in
 * @param secrets what the hub is to know of it
 * @param places where it is, in place of what its Kamelets say
 * @param isHeard whether the hub asks or listens so far that it hears the news
 * @param news what happens in it
 * @param events how many events come of that
 * @param written what the hub is to do in it, in words; empty: nothing
 * @param isWritten whether that is done
 * @param steps those of a route that do it; empty where the hub does it without being told
 */
record Neighbour(
        String connector,
        String counterpart,
        String by,
        Map<String, String> secrets,
        List<Place> places,
        BooleanSupplier isHeard,
        Consumer<Outside> news,
        int events,
        String written,
        BooleanSupplier isWritten,
        String steps) {

    /** A piece of a Kamelet, and what stands there instead. */
    record Place(String kamelet, String piece, String instead) {}

    static Neighbour of(String connector, String counterpart, String by) {
        return new Neighbour(
                connector, counterpart, by, Map.of(), List.of(), () -> true, outside -> {}, 0, "", () -> true, "");
    }

    Neighbour knownBy(Map<String, String> more) {
        var all = new HashMap<>(secrets);
        all.putAll(more);
        return new Neighbour(connector, counterpart, by, all, places, isHeard, news, events, written, isWritten, steps);
    }

    Neighbour at(String kamelet, Map<String, String> insteadOf) {
        var all = new ArrayList<>(places);
        insteadOf.forEach((piece, instead) -> all.add(new Place(kamelet, piece, instead)));
        return new Neighbour(
                connector, counterpart, by, secrets, all, isHeard, news, events, written, isWritten, steps);
    }

    Neighbour heardWhen(BooleanSupplier condition) {
        return new Neighbour(
                connector, counterpart, by, secrets, places, condition, news, events, written, isWritten, steps);
    }

    Neighbour tells(int count, Consumer<Outside> what) {
        return new Neighbour(
                connector, counterpart, by, secrets, places, isHeard, what, count, written, isWritten, steps);
    }

    Neighbour isToldTo(String what, BooleanSupplier isDone, String... how) {
        return new Neighbour(
                connector, counterpart, by, secrets, places, isHeard, news, events, what, isDone, String.join("", how));
    }
}
