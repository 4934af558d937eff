package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** How bytes are written as text. */
enum Coding {
    TEXT,
    HEX,
    BASE64;

    static Coding of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** Empty where the text is not of this form. */
    Optional<byte[]> decode(String text) {
        try {
            return Optional.of(
                    switch (this) {
                        case TEXT -> text.getBytes(UTF_8);
                        case HEX -> HexFormat.of().parseHex(text);
                        case BASE64 -> Base64.getDecoder().decode(text);
                    });
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    String encode(byte[] bytes) {
        return switch (this) {
            case TEXT -> new String(bytes, UTF_8);
            case HEX -> HexFormat.of().formatHex(bytes);
            case BASE64 -> Base64.getEncoder().encodeToString(bytes);
        };
    }
}
