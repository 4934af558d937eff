package io.dovetail.hostile;

/** Text that must arrive on the bus as it was sent. {@code pointer} is into the event's data. */
record Echo(String pointer, String text) {}
