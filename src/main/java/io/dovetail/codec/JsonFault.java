package io.dovetail.codec;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says in our words what the parser says in its own, which name Java classes and repeat the sender's text. */
final class JsonFault {

    private static final Pattern CHARACTER = Pattern.compile("^Unexpected character \\('([ -~])'");

    private JsonFault() {}

    static MalformedException at(@Nullable JsonLocation location, String what) {
        return new MalformedException(
                location == null
                        ? "The body cannot be read: " + what + "."
                        : "The body cannot be read at line " + location.getLineNr() + ", column "
                                + location.getColumnNr() + ": " + what + ".");
    }

    static MalformedException of(IOException e) {
        return e instanceof JsonProcessingException p ? at(p.getLocation(), what(p)) : at(null, "not well-formed JSON");
    }

    /** A name as it may stand in a message: short, on one line. */
    static String shown(String name) {
        var plain = name.replaceAll("[^\\p{Print}]", "?");
        return plain.length() > 64 ? plain.substring(0, 64) + "…" : plain;
    }

    private static String what(JsonProcessingException e) {
        var message = String.valueOf(e.getOriginalMessage());
        if (e instanceof StreamConstraintsException) {
            return limit(message);
        }
        if (e instanceof JsonEOFException) {
            return "it ends in the middle of a value";
        }
        var character = CHARACTER.matcher(message);
        if (character.find()) {
            return "unexpected character '" + character.group(1) + "'";
        }
        if (message.startsWith("Unrecognized token")) {
            return "unknown word, only true, false and null are words";
        }
        if (message.startsWith("Illegal unquoted character")) {
            return "a control character inside a string must be escaped";
        }
        if (message.startsWith("Unrecognized character escape")) {
            return "unknown escape in a string";
        }
        if (message.startsWith("Invalid numeric value")) {
            return "not a JSON number";
        }
        return "not well-formed JSON";
    }

    private static String limit(String message) {
        if (message.contains("nesting depth")) {
            return "deeper than " + JsonCodec.MAX_DEPTH + " levels";
        }
        if (message.contains("Number value length")) {
            return "a number is longer than " + JsonCodec.MAX_NUMBER + " characters";
        }
        if (message.contains("Name length")) {
            return "a name is longer than " + JsonCodec.MAX_NAME + " characters";
        }
        if (message.contains("Token count")) {
            return "more than " + JsonCodec.MAX_TOKENS + " tokens";
        }
        return "larger than " + JsonCodec.MAX_BYTES + " bytes";
    }
}
