package io.dovetail.codec;

/** How deep an envelope stands: an interchange holds groups, and groups hold messages (transaction sets). */
enum EdiLevel {
    INTERCHANGE("interchange"),
    GROUP("group"),
    MESSAGE("message");

    final String noun;

    EdiLevel(String noun) {
        this.noun = noun;
    }
}
