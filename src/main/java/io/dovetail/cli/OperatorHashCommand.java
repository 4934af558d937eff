package io.dovetail.cli;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.springframework.security.crypto.bcrypt.BCrypt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "hash",
        mixinStandardHelpOptions = true,
        header = "Ask for a password, and print an operator's line for the secret file operators.",
        description = {
            "",
            "What is typed is not shown. Without a terminal, a line of standard input is the password.",
            "A viewer looks, a repairer also replays, discards and reloads, an approver also approves and reads the audit."
        },
        footer = {"", "Example: hub operator hash alice repairer >> data/secrets/operators"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class OperatorHashCommand implements Callable<Integer> {

    private static final Pattern NAME = Pattern.compile("(?!(admin|hub|start)$)[a-z][a-z0-9._-]{0,39}");
    private static final int SHORTEST = 12;
    // bcrypt passes over what is beyond
    private static final int LONGEST_BYTES = 72;
    private static final int COST = 12;

    private enum Role {
        VIEWER,
        REPAIRER,
        APPROVER
    }

    private final Workplace workplace;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "small letters, digits, dots, hyphens, underscores")
    private String name;

    @Parameters(index = "1", paramLabel = "ROLE", description = "viewer, repairer or approver")
    private Role role;

    OperatorHashCommand(Workplace workplace) {
        this.workplace = workplace;
    }

    @Override
    public Integer call() {
        if (!NAME.matcher(name).matches()) {
            throw new NotDoneException(
                    name + " cannot be an operator's name: it has up to 40 small letters, digits, dots,"
                            + " hyphens and underscores, begins with a letter, and is not admin, hub or start");
        }
        var password = workplace.prompt().secret("Password of " + name);
        if (password.length() < SHORTEST) {
            throw new NotDoneException("the password has fewer than " + SHORTEST + " characters");
        }
        if (password.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
            throw new NotDoneException(
                    "the password has more than " + LONGEST_BYTES + " bytes, and bcrypt sees no more");
        }
        Page.of(spec)
                .line(name + " " + BCrypt.hashpw(password, BCrypt.gensalt(COST)) + " "
                        + role.name().toLowerCase(Locale.ROOT));
        return 0;
    }
}
