package io.dovetail.codec;

import java.util.Arrays;
import java.util.List;

/** JSON pointers (RFC 6901). */
public final class Pointers {

    private Pointers() {}

    /** The unescaped segments of a pointer; none for the empty pointer. */
    public static List<String> segments(String pointer) {
        if (pointer.isEmpty()) {
            return List.of();
        }
        return Arrays.stream(pointer.substring(1).split("/", -1))
                .map(segment -> segment.replace("~1", "/").replace("~0", "~"))
                .toList();
    }

    /** One name as a pointer's segment, with the slash before it. */
    public static String segment(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
