/** The systems that the hub asks, listens to and writes to: as much of each as the hub speaks with, over the wire. */
@NullMarked
package io.dovetail.counterpart;

import org.jspecify.annotations.NullMarked;
