/**
 * The PostgreSQL that comes with the hub: unpacked, initialised, started and stopped as a child process of one hub, and
 * the check that any PostgreSQL, this one or another, keeps what it says it keeps.
 */
@NullMarked
@NamedInterface("postgres")
package io.dovetail.ledger.postgres;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
