/** A hub as a process of its own, and the partners and consumers around it: for the demo, the bench and tests. */
@NullMarked
package io.dovetail.harness;

import org.jspecify.annotations.NullMarked;
