package io.dovetail.call;

import java.util.Locale;

/** What is read of the media types of requests and answers. */
public final class MediaTypes {

    private MediaTypes() {}

    public static boolean isJson(String type) {
        return is(type, "application/([\\w.+-]+\\+)?json");
    }

    static boolean isXml(String type) {
        return is(type, "(application|text)/([\\w.+-]+\\+)?xml");
    }

    private static boolean is(String type, String which) {
        return type.toLowerCase(Locale.ROOT).matches(which + "\\s*(;.*)?");
    }
}
