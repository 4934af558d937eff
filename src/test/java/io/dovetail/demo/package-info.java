/** {@code ./hub demo}: a hub and the systems around it, in a minute, for somebody who has never seen one. */
@NullMarked
package io.dovetail.demo;

import org.jspecify.annotations.NullMarked;
