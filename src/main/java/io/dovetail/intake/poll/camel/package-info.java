/** Asking for news as Camel routes: {@code routes/intake/}, with the verbs that its Kamelets stand for. */
@NullMarked
@NamedInterface("poll-camel")
package io.dovetail.intake.poll.camel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
