package io.dovetail.operate;

import java.util.List;

/** By which {@code admin} proves himself. */
public interface AdminPasswords {

    /** Those that count now: one, or an old and a new one while they are changed over; none where nobody is let in. */
    List<String> now();

    /** To be told of each that has proved him. */
    void used(String password);
}
