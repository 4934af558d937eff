package io.dovetail.crash;

import io.dovetail.crash.Violation.Kind;
import java.util.Set;

/** What must hold through every fault, and which findings say that it did not. */
enum Invariant {
    I1("No loss: what was accepted came out, or is kept as parked or discarded", Set.of(Kind.LOST, Kind.PARKED)),
    I2(
            "No invention, no damage: what came out was offered, with the content it was offered with",
            Set.of(Kind.INVENTED)),
    I3("Effect once: after deduplication by id, one event and one trigger of each", Set.of(Kind.DOUBLED)),
    I4("Order per key: as accepted, and nothing behind what is parked", Set.of(Kind.ORDER, Kind.HELD)),
    I5("Nobody unauthenticated: what was forged was refused, and nothing came of it", Set.of(Kind.STRANGER)),
    I6("Books balance at every sample, agree with the rows, and count what partners count", Set.of(Kind.BOOKS)),
    I7("Refused leaves nothing, unknown is whole or not at all, known is recognised", Set.of(Kind.ANSWER)),
    I8("The audit's chain is whole", Set.of(Kind.AUDIT));

    final String says;
    final Set<Kind> brokenBy;

    Invariant(String says, Set<Kind> brokenBy) {
        this.says = says;
        this.brokenBy = brokenBy;
    }
}
