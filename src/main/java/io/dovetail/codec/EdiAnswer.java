package io.dovetail.codec;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** What is answered to the interchanges of a delivery: one interchange for each that has an answer. */
final class EdiAnswer {

    private EdiAnswer() {}

    static Acknowledgement of(List<EdiEnvelope> interchanges, EdiVerdicts verdicts, EdiRules rules, Instant at) {
        var first = interchanges.getFirst();
        var text = new StringBuilder();
        for (var interchange : interchanges) {
            text.append(
                    switch (interchange.standard()) {
                        case X12 -> new X12Answer(interchange, verdicts, at.atZone(ZoneOffset.UTC)).text();
                        case EDIFACT -> new ContrlAnswer(interchange, verdicts, at.atZone(ZoneOffset.UTC)).text();
                    });
        }
        // as what it answers was read
        var charset = rules.charset(first.text("sender"));
        var bytes = text.toString().getBytes(charset == null ? EdiCharsets.of(first) : charset);
        return new Acknowledgement(first.standard().media, bytes);
    }
}
