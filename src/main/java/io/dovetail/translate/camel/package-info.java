/** Translation as Camel routes: {@code routes/translate/}, with the verbs that its Kamelets stand for. */
@NullMarked
@NamedInterface("camel")
package io.dovetail.translate.camel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
