package io.dovetail.planted.doors.verify;

import java.util.Arrays;

class ComparesBytes {
    boolean is(byte[] secret, byte[] given) {
        return Arrays.equals(secret, given);
    }

    boolean name(String scheme) {
        return scheme.equals("compares-bytes");
    }
}
