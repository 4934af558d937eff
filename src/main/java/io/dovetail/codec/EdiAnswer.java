package io.dovetail.codec;

import java.nio.charset.Charset;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is answered to the interchanges of a delivery: one interchange for each that has an answer. */
final class EdiAnswer {

    private EdiAnswer() {}

    /** @param charset whatever the interchanges say of themselves; null: as they say */
    static Acknowledgement of(
            List<EdiEnvelope> interchanges, EdiVerdicts verdicts, @Nullable Charset charset, Instant at) {
        var first = interchanges.getFirst();
        var text = new StringBuilder();
        for (var interchange : interchanges) {
            text.append(
                    switch (interchange.standard()) {
                        case X12 -> new X12Answer(interchange, verdicts, at.atZone(ZoneOffset.UTC)).text();
                        case EDIFACT -> new ContrlAnswer(interchange, verdicts, at.atZone(ZoneOffset.UTC)).text();
                    });
        }
        var bytes = text.toString().getBytes(charset == null ? EdiCharsets.of(first) : charset);
        return new Acknowledgement(first.standard().media, bytes);
    }
}
