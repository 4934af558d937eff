package io.dovetail.operate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The secret file {@code operators}: a line for each, with name, bcrypt hash and role. Blank lines and those that begin
 * with {@code #} say nothing.
 */
public final class OperatorsFile {

    public static final String NAME = "operators";

    private static final int LARGEST = 256 * 1024;
    private static final Pattern OPERATOR = Pattern.compile("[a-z][a-z0-9._-]{0,39}");
    // what the hub calls itself and its administrator
    private static final Set<String> TAKEN = Set.of("admin", "hub", "start");
    // cheaper ones are too quick to try, dearer ones stop the hub while one is looked at
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$1[0-4]\\$[./A-Za-z0-9]{53}");

    private OperatorsFile() {}

    /** @param problems each with its line's number, and nothing of what stands there: it may be a password */
    record Content(Map<String, Account> accounts, List<String> problems) {}

    /** What is wrong with the file in this directory; nothing where there is none. */
    public static List<String> problems(Path secrets) {
        return read(secrets.resolve(NAME)).problems();
    }

    /** No file is no operators; what cannot be read lets nobody in. */
    static Content read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                return new Content(
                        Map.of(), List.of("operators: it has more than " + LARGEST + " bytes; nobody in it counts"));
            }
            return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return new Content(Map.of(), List.of());
        } catch (IOException e) {
            return new Content(
                    Map.of(),
                    List.of("operators: it cannot be read (" + e.getClass().getSimpleName()
                            + "); nobody in it counts"));
        }
    }

    static Content parse(String text) {
        var accounts = new HashMap<String, Account>();
        var lines = new HashMap<String, Integer>();
        var problems = new ArrayList<String>();
        var number = 0;
        for (var line : text.lines().map(String::strip).toList()) {
            number++;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            var words = line.split("\\s+");
            var problem = problem(words);
            if (problem == null) {
                var name = words[0];
                var before = lines.putIfAbsent(name, number);
                if (before == null) {
                    var role = Role.ofOperator(words[2]).orElseThrow();
                    accounts.put(name, new Account(new Operator(name, role), List.of(words[1]), true));
                    continue;
                }
                // which one is meant is anybody's guess, and a guess must not let somebody in
                accounts.remove(name);
                problem = "the name of line " + before + " again; neither counts";
            }
            problems.add("operators, line " + number + ": " + problem);
        }
        return new Content(Map.copyOf(accounts), List.copyOf(problems));
    }

    private static @org.jspecify.annotations.Nullable String problem(String[] words) {
        if (words.length != 3) {
            return "it must have name, bcrypt hash and role, and has " + words.length
                    + (words.length == 1 ? " word" : " words");
        }
        if (!OPERATOR.matcher(words[0]).matches()) {
            return "a name has up to 40 small letters, digits, dots, hyphens and underscores, and begins with a letter";
        }
        if (TAKEN.contains(words[0])) {
            return "the name " + words[0] + " is taken; choose another";
        }
        if (!BCRYPT.matcher(words[1]).matches()) {
            return "the second word is no bcrypt hash of a cost of 10 to 14; \"hub operator hash\" makes the line";
        }
        if (Role.ofOperator(words[2]).isEmpty()) {
            return "the role must be viewer, repairer or approver";
        }
        return null;
    }
}
