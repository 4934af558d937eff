package io.dovetail.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.call.Answer;
import io.dovetail.call.Caller;
import io.dovetail.call.Request;
import io.dovetail.call.Verdict;
import io.dovetail.connector.SampleAnswer;
import io.dovetail.connector.Samples;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Answers requests of routes in place of the network, each answer once, and is judged as the network's would be. */
public final class SampleAnswers implements Caller {

    private static final Clock CLOCK = Clock.fixed(Samples.ACCEPTED_AT, ZoneOffset.UTC);

    private final List<SampleAnswer> left;
    private final List<String> unanswered = new ArrayList<>();

    public SampleAnswers(List<SampleAnswer> answers) {
        this.left = new ArrayList<>(answers);
    }

    @Override
    public JsonNode ask(Request request) {
        var line = request.line();
        for (var answer : left) {
            if (answer.request() == null || answer.request().equals(line)) {
                left.remove(answer);
                return verdict(request, answer);
            }
        }
        unanswered.add(line);
        throw new FailedException(Failure.of(
                FailureKind.MAPPING,
                "answers.json",
                "answers",
                "nobody is asked here, and there is no answer to " + line + "; say in answers.json what is answered: [{"
                        + "\"request\": \"" + line + "\", \"body\": {…}}]"));
    }

    private static JsonNode verdict(Request request, SampleAnswer answer) {
        if (answer.failure() != null) {
            throw Verdict.unanswered(request, new IOException(answer.failure()));
        }
        var cut = answer.body().length > Answer.MAX_BYTES;
        return Verdict.of(request, new Answer(answer.status(), answer.contentType(), null, answer.body(), cut), CLOCK);
    }

    /** What was asked and has no answer. */
    List<String> unanswered() {
        return List.copyOf(unanswered);
    }

    /** What nobody asked for. */
    List<SampleAnswer> unused() {
        return List.copyOf(left);
    }
}
