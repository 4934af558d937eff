package io.dovetail.call;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a route holds in a secret's place, so that no address, log or exception of Camel's ever holds the secret itself,
 * and a changed one counts from the next request on. It bears a number that no message can know, and has only characters
 * that stand for themselves in an address.
 */
public final class SecretReference {

    /** The file {@code <connector>.<secret>} or {@code <connector>.<sender>.<secret>} of the secrets directory. */
    public static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}(\\.[a-z][a-z0-9-]{0,39}){1,2}");

    private static final String MARK = "s" + number();
    private static final Pattern FORM = Pattern.compile(MARK + "\\.(?<name>" + NAME + ")\\." + MARK);

    private SecretReference() {}

    private static String number() {
        var bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    public static String to(String name) {
        return MARK + "." + name + "." + MARK;
    }

    /** The secret for which all of the text stands; null: it is something else. */
    public static @Nullable String name(String text) {
        var found = FORM.matcher(text);
        return found.matches() ? found.group("name") : null;
    }

    /** Puts the secrets in. */
    static String resolve(String text, UnaryOperator<String> secrets) {
        return FORM.matcher(text).replaceAll(found -> Matcher.quoteReplacement(secrets.apply(found.group("name"))));
    }

    /** Puts the secrets into JSON, where they stand in its texts. */
    static byte[] resolve(byte[] json, UnaryOperator<String> secrets) {
        var text = new String(json, StandardCharsets.UTF_8);
        return text.contains(MARK)
                ? resolve(
                                text,
                                name -> new String(
                                        JsonStringEncoder.getInstance().quoteAsString(secrets.apply(name))))
                        .getBytes(StandardCharsets.UTF_8)
                : json;
    }

    /** With {@code other} in the place of each. */
    public static String blank(String text, String other) {
        return FORM.matcher(text).replaceAll(Matcher.quoteReplacement(other));
    }

    /** As the engineer wrote it, {@code {{crm.password}}}: for people, and for all that others may read. */
    public static String words(String text) {
        return FORM.matcher(text).replaceAll("{{${name}}}");
    }
}
