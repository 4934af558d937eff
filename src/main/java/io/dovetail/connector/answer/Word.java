package io.dovetail.connector.answer;

/** What may stand in an answer for a value. Each answer knows one of them. */
enum Word {
    /** What a handshake has brought to be repeated. */
    CHALLENGE,
    /** The delivery's id; of a duplicate, the first one's. */
    ID,
    /** Why a delivery is refused, as a sentence for its sender. */
    DETAIL;

    String text() {
        return "{" + name().toLowerCase(java.util.Locale.ROOT) + "}";
    }
}
