package io.dovetail.check;

import io.dovetail.codec.JsonCodec;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Expectation;
import io.dovetail.connector.Expected;
import io.dovetail.connector.Problems;
import io.dovetail.connector.Salvage;
import io.dovetail.connector.Sample;
import io.dovetail.connector.Samples;
import io.dovetail.event.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;

/** Rehearses one sample, and says where what came of it is not what must come of it. */
final class SampleRun {

    private static final int MOST = 8;
    private static final JsonCodec JSON = new JsonCodec();

    /** The field of an entry that a difference begins with. */
    private static final Pattern FIELD = Pattern.compile("(type|subject|time|id|key|keys|data(?:/\\S+)?) is ");

    private final Connector connector;
    private final Sample sample;
    private final Rehearsal rehearsal;
    private final Problems problems;
    private final String place;

    SampleRun(Connector connector, Sample sample, Rehearsal rehearsal, Problems problems) {
        this.connector = connector;
        this.sample = sample;
        this.rehearsal = rehearsal;
        this.problems = problems;
        this.place = "connectors/" + connector.name() + "/samples/" + sample.name();
    }

    void run() {
        var answers = new SampleAnswers(sample.answers());
        var came = rehearsal.perform(connector, sample.sender(), sample.delivery(), Samples.ACCEPTED_AT, answers);
        if (!answers.unanswered().isEmpty()) {
            // what became of it for want of an answer says nothing of it
            answers.unanswered()
                    .forEach(line -> add(
                            "answers.json",
                            "there is no answer (any more) to " + line + "; say what is answered: [{\"request\": \""
                                    + line + "\", \"body\": {…}}]"));
            return;
        }
        answers.unused()
                .forEach(answer -> add(
                        "answers.json",
                        "nobody asks for the answer"
                                + (answer.request() == null
                                        ? " with status " + answer.status()
                                        : " to " + answer.request())
                                + "; take it away, or mend what should have asked"));
        if (came instanceof Rehearsed.Accepted(var fates) && fates.stream().allMatch(SampleRun::isUnknown)) {
            return;
        }
        switch (sample.expectation()) {
            case Expectation.Refused(var pieces) -> {
                if (came instanceof Rehearsed.Refused refused) {
                    holds("refused.txt", pieces, refused.reason());
                } else {
                    add("refused.txt", "the delivery is not refused; " + words(came));
                }
            }
            case Expectation.Parked(var pieces) -> {
                if (came instanceof Rehearsed.Accepted(var fates)
                        && fates.size() == 1
                        && fates.getFirst() instanceof Rehearsed.Parked parked) {
                    holds("parked.txt", pieces, reason(parked.failure()));
                } else {
                    add("parked.txt", "the delivery is not one parked event; " + words(came));
                }
            }
            case Expectation.Events(var expected) -> compare(expected, came);
        }
    }

    private void compare(List<Expected> expected, Rehearsed came) {
        if (!(came instanceof Rehearsed.Accepted(var fates))) {
            add("events.json", words(came));
        } else if (fates.size() != expected.size()) {
            add("events.json", "expects " + expected.size() + " events, not " + fates.size() + "; " + words(came));
        } else {
            for (var i = 0; i < expected.size(); i++) {
                compare(i, expected.get(i), fates.get(i));
            }
        }
    }

    private void compare(int index, Expected expected, Rehearsed.Fate fate) {
        if (isUnknown(fate)) {
            return;
        }
        if (expected instanceof Expected.Said said && fate instanceof Rehearsed.Said actual) {
            var differences = differences(said, actual);
            differences.stream().limit(MOST).forEach(difference -> addEntry(index, difference));
            if (differences.size() > MOST) {
                addEntry(index, "and " + (differences.size() - MOST) + " more differences");
            }
        } else if (expected instanceof Expected.Ignored(var piece) && fate instanceof Rehearsed.Ignored ignored) {
            holdsEntry(index, piece, ignored.reason());
        } else if (expected instanceof Expected.Duplicate(var id) && fate instanceof Rehearsed.Duplicate again) {
            if (!id.equals(again.part().id())) {
                addEntry(index, "id is " + again.part().id() + ", expected " + id);
            }
        } else if (expected instanceof Expected.Parked(var piece) && fate instanceof Rehearsed.Parked parked) {
            holdsEntry(index, piece, reason(parked.failure()));
        } else if (expected instanceof Expected.Waiting(var piece) && fate instanceof Rehearsed.Waiting waiting) {
            holdsEntry(index, piece, reason(waiting.failure()));
        } else {
            var wanted = switch (expected) {
                case Expected.Said said -> "published as " + said.type();
                case Expected.Ignored ignored -> "ignored";
                case Expected.Duplicate duplicate -> "a duplicate";
                case Expected.Parked parked -> "parked";
                case Expected.Waiting waiting -> "waiting";
            };
            addEntry(index, "is " + words(fate) + "; expected " + wanted);
        }
    }

    private List<String> differences(Expected.Said said, Rehearsed.Said actual) {
        if (rehearsal.knowsAllPolicies()) {
            return said.differences(actual.part(), actual.event(), actual.triggers(), Samples.ACCEPTED_AT);
        }
        var untriggered = new Expected.Said(
                said.type(), said.subject(), said.time(), said.id(), said.key(), said.keys(), said.data(), List.of());
        return untriggered.differences(actual.part(), actual.event(), List.of(), Samples.ACCEPTED_AT);
    }

    /** Its rule has problems of its own, which have been told. */
    private static boolean isUnknown(Rehearsed.Fate fate) {
        return fate instanceof Rehearsed.Ignored(var part, var rule, var reason) && reason.equals(Salvage.UNKNOWN);
    }

    private void holds(String file, List<String> pieces, String reason) {
        for (var piece : Expectation.missing(pieces, reason)) {
            add(file, "expects a reason with \"" + piece + "\", but it is: " + reason);
        }
    }

    private void holdsEntry(int index, String piece, String reason) {
        if (!reason.contains(piece)) {
            addEntry(index, "expects a reason with \"" + piece + "\", but it is: " + reason);
        }
    }

    private void add(String file, String message) {
        problems.add(place + "/" + file, message);
    }

    private void addEntry(int index, String message) {
        var field = FIELD.matcher(message);
        var pointer = "/" + index
                + (field.lookingAt() ? "/" + field.group(1) : message.contains("trigger") ? "/triggers" : "");
        var line = JSON.line(expectation(), pointer);
        add("events.json" + (line.isPresent() ? ":" + line.getAsInt() : ""), "event " + (index + 1) + " " + message);
    }

    private byte[] expectation() {
        try {
            return Files.readAllBytes(sample.dir().resolve("events.json"));
        } catch (IOException e) {
            return new byte[0]; // read a moment ago, and gone: the line is no loss
        }
    }

    /** All that is known of a failure, for a piece of it to be found in. */
    static String reason(Failure failure) {
        var value = failure.value() == null ? "" : " | " + failure.value();
        return Expectation.reason(failure) + value;
    }

    private static String words(Rehearsed came) {
        return switch (came) {
            case Rehearsed.Refused refused -> "it is refused: " + refused.reason();
            case Rehearsed.Accepted(var fates) when fates.size() == 1 -> "it is " + words(fates.getFirst());
            case Rehearsed.Accepted(var fates) ->
                "its events are "
                        + String.join("; ", fates.stream().map(SampleRun::words).toList());
        };
    }

    private static String words(Rehearsed.Fate fate) {
        return switch (fate) {
            case Rehearsed.Said said -> "published as " + said.event().type();
            case Rehearsed.Ignored ignored -> "ignored: " + ignored.reason();
            case Rehearsed.Duplicate duplicate ->
                "a duplicate of " + duplicate.part().id();
            case Rehearsed.Parked parked -> "parked: " + reason(parked.failure());
            case Rehearsed.Waiting waiting -> "waiting: " + reason(waiting.failure());
        };
    }
}
