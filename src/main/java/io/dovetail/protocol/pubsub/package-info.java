/**
 * The Pub/Sub API (gRPC and Avro, {@code src/main/protobuf/pubsub_api.proto}) as a source that is read page by page, so
 * that the poll room's cursor is the replay id: kept when all before it is stored, and never before.
 *
 * <p>Why not camel-salesforce, whose {@code pubSubSubscribe} speaks the same: read at 4.17.0, it goes on after an event that
 * its route could not take, keeps replay ids in memory alone and those of empty batches from its route, does not subscribe
 * again when the server ends a stream in good order, notices no silence, subscribes for ever with an id that the server
 * calls invalid or goes to the newest event without a word, and leaves bitmaps of fields as they are. This room is built on gRPC's and Avro's own libraries and the published protocol file; nothing of them is
 * loaded before the first page is read.
 */
@NullMarked
@NamedInterface("pubsub")
package io.dovetail.protocol.pubsub;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
