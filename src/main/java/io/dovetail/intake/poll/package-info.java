/** Sources that are asked for news: page by page, from where the last asking ended, which the ledger knows. */
@NullMarked
@NamedInterface("poll")
package io.dovetail.intake.poll;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
