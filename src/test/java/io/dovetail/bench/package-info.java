/** {@code ./hub bench}: how fast a hub is on this machine, and how fast its database would be alone. */
@NullMarked
package io.dovetail.bench;

import org.jspecify.annotations.NullMarked;
