/**
 * The crash proof: a hub in a process of its own is killed at random and at named moments under signed load, and what
 * its consumer got is compared with what its senders were promised. Nothing here asks the hub what it believes to have
 * done, save for its books, which are compared too.
 */
@NullMarked
package io.dovetail.crash;

import org.jspecify.annotations.NullMarked;
