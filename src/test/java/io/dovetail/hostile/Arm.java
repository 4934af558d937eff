package io.dovetail.hostile;

/** With what proof of origin a delivery is fired. */
enum Arm {
    /** The sender's own. */
    SIGNED,
    /** None, or one made with a secret that the hub does not know. */
    UNSIGNED
}
