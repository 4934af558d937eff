package io.dovetail.intake.file;

import io.dovetail.call.SecretReference;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which files a route takes, as its beginning says.
 *
 * @param id of the route: {@code <connector>}, or {@code <connector>.<what>} where a connector has several
 * @param folder the secret that holds the folder's place: who runs the hub says where it reads, not who writes routes
 * @param login of an SFTP server, which the folder is on; null: it is one of this machine
 * @param sender in whose name its files are; whoever can write into the folder is taken for him
 * @param every how long after the last look it is looked into again
 * @param quiet for how long a file must not have changed to be whole
 * @param marker what is behind a file's name in the name of the empty file that says it is whole; empty: no such file
 * @param number of XML: names from a piece to the element with its number; empty: pieces are counted
 */
public record FileDoor(
        String id,
        String folder,
        @Nullable Login login,
        String sender,
        Duration every,
        Duration quiet,
        String marker,
        List<String> number) {

    /** @throws IllegalArgumentException naming the parameter that is wrong and what it should be */
    public static FileDoor of(String id, Map<String, String> parameters) {
        var folder = SecretReference.name(parameters.getOrDefault("folder", ""));
        if (folder == null) {
            throw new IllegalArgumentException("folder is a secret, as \"{{" + id.split("\\.", 2)[0]
                    + ".folder}}\": whoever runs the hub writes the folder's place into the file of that name");
        }
        var sender = parameters.getOrDefault("sender", "default");
        if (!sender.matches("[A-Za-z0-9_-]{1,40}")) {
            throw new IllegalArgumentException(
                    "sender is named with letters, digits, hyphens and underscores, not \"" + sender + "\"");
        }
        var every = duration(parameters, "every", "PT10S");
        if (every.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("every is a second or more, as PT10S");
        }
        var marker = parameters.getOrDefault("marker", "");
        if (!marker.matches("(\\.[A-Za-z0-9_-]{1,20})?")) {
            throw new IllegalArgumentException("marker is the end of a name, as .done, not \"" + marker + "\"");
        }
        var number = parameters.getOrDefault("number", "");
        return new FileDoor(
                id,
                folder,
                Login.of(parameters),
                sender,
                every,
                duration(parameters, "quiet", "PT10S"),
                marker,
                number.isBlank() ? List.of() : List.of(number.split("\\.")));
    }

    private static Duration duration(Map<String, String> parameters, String name, String preset) {
        var text = parameters.getOrDefault(name, preset);
        try {
            var duration = Duration.parse(text);
            if (!duration.isNegative() && duration.toDays() <= 1) {
                return duration;
            }
        } catch (DateTimeException | ArithmeticException e) {
            // said below, with what it should be
        }
        throw new IllegalArgumentException(name + " is a duration such as PT10S, not \"" + text + "\"");
    }

    public String connector() {
        return id.split("\\.", 2)[0];
    }
}
