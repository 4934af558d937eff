/**
 * The hub under fire: thousands of hostile deliveries, each proved and unproved, through every door, with canaries that
 * nothing may touch. All of it comes from a seed.
 */
@NullMarked
package io.dovetail.hostile;

import org.jspecify.annotations.NullMarked;
