package io.dovetail.hostile;

/** How a protocol is bent; only a door that speaks it carries what is bent so. */
sealed interface Form permits HttpForm, AmqpForm {}
