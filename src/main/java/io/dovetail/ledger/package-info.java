/**
 * The message store: deliveries, events, outbox, dead letters, books, timeline and audit, in PostgreSQL. The only room
 * with SQL.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event"})
package io.dovetail.ledger;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
