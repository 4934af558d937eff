package io.dovetail.codec;

import static io.dovetail.codec.EdiLevel.MESSAGE;

import io.dovetail.codec.EdiRules.Broken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** On what the fault of an envelope falls: on all that is in it, on the whole delivery, or on nothing. */
record EdiFates(EdiRules rules) {

    boolean tolerates(EdiEnvelope interchange) {
        return broken(interchange) == Broken.NOTHING;
    }

    /** @throws MalformedException when it is the whole delivery */
    void befall(EdiEnvelope interchange, EdiEnvelope envelope, EdiFault fault) throws MalformedException {
        var broken = broken(interchange);
        if (broken == Broken.NOTHING) {
            envelope.tolerated(fault);
            messagesOf(envelope).forEach(message -> message.note(fault));
        } else if (broken == Broken.INTERCHANGE || envelope == interchange) {
            throw refusal(interchange, fault);
        } else {
            envelope.broken(fault);
            messagesOf(envelope).forEach(message -> message.refuse(fault));
        }
    }

    private Broken broken(EdiEnvelope interchange) {
        return rules.fate(interchange.text("sender")).broken();
    }

    private static List<EdiEnvelope> messagesOf(EdiEnvelope envelope) {
        if (envelope.level() == MESSAGE) {
            return List.of(envelope);
        }
        return envelope.inside().stream()
                .flatMap(inner -> messagesOf(inner).stream())
                .toList();
    }

    /** Of the whole delivery, for what is wrong in this interchange; null: in none. */
    static MalformedException refusal(@Nullable EdiEnvelope interchange, EdiFault fault) {
        if (interchange != null) {
            interchange.broken(fault);
        }
        return fault.at().fault(fault.what());
    }
}
