/** Folders as doors: what lies in them is taken in, piece by piece, and moved aside once it is stored. */
@NullMarked
@NamedInterface("file")
package io.dovetail.intake.file;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
