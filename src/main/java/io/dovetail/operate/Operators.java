package io.dovetail.operate;

import io.dovetail.operate.OperatorsFile.Content;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code admin}, and whom the secret file names now. The file is read again after {@link #MAX_AGE}. */
public final class Operators {

    static final Duration MAX_AGE = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(Operators.class);

    private record Reading(Instant at, Content content) {}

    private final AdminPasswords admin;
    private final Path file;
    private final Clock clock;
    private Reading reading;

    public Operators(AdminPasswords admin, Path secrets, Clock clock) {
        this.admin = admin;
        this.file = secrets.resolve(OperatorsFile.NAME);
        this.clock = clock;
        this.reading = new Reading(Instant.MIN, new Content(Map.of(), List.of()));
        current();
    }

    Optional<Account> find(String name) {
        return name.equals(Account.ADMIN)
                ? Optional.of(Account.admin(admin.now()))
                : Optional.ofNullable(current().accounts().get(name));
    }

    /** To be told of everybody who has proved himself. */
    void proved(Operator operator, String password) {
        if (operator.name().equals(Account.ADMIN)) {
            admin.used(password);
        }
    }

    /** Somebody whose password takes as long to try as that of any other; empty when there is nobody but admin. */
    Optional<Account> anybody() {
        return current().accounts().values().stream().findFirst();
    }

    private synchronized Content current() {
        var now = clock.instant();
        // a clock that is put back must not keep it from looking
        if (now.isBefore(reading.at) || !now.isBefore(plus(reading.at))) {
            // read whole each time: a file's time tells a change only if its clock has ticked in between
            var content = OperatorsFile.read(file);
            if (!content.problems().equals(reading.content.problems())) {
                content.problems().forEach(problem -> log.warn("Secret file {}", problem));
            }
            reading = new Reading(now, content);
        }
        return reading.content;
    }

    private static Instant plus(Instant at) {
        return at.equals(Instant.MIN) ? at : at.plus(MAX_AGE);
    }
}
