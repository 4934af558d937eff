/** The hub as a whole: its start, and how its rooms are joined. */
@NullMarked
package io.dovetail;

import org.jspecify.annotations.NullMarked;
