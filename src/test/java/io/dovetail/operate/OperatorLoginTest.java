package io.dovetail.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dovetail.operate.LoginRefusedException.Why;
import io.github.bucket4j.TimeMeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.crypto.bcrypt.BCrypt;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

class OperatorLoginTest {

    private static final String PASSWORD = "correct horse battery";
    private static final String HASH = BCrypt.hashpw(PASSWORD, BCrypt.gensalt(10));
    private static final int FAILURES = 5;

    /** Turned by hand, for the file's age and for the allowances alike. */
    private static final class Turning extends Clock implements TimeMeter {
        private volatile long nanos = 1;

        void turn(Duration on) {
            nanos += on.toNanos();
        }

        @Override
        public Instant instant() {
            return Instant.parse("2026-05-01T12:00:00Z").plusNanos(nanos);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    @TempDir
    private Path secrets;

    /** As it stands in its secret file. */
    private static final class Admin implements AdminPasswords {

        private final List<String> used = new ArrayList<>();
        private List<String> now = List.of("long and random");

        @Override
        public List<String> now() {
            return now;
        }

        @Override
        public void used(String password) {
            used.add(password);
        }
    }

    private final Admin admin = new Admin();
    private final Turning clock = new Turning();
    private OperatorLogin login;

    @BeforeEach
    void open() throws IOException {
        write("alice " + HASH + " repairer");
        login = new OperatorLogin(
                new Operators(admin, secrets, clock),
                new FailedLogins(FAILURES, clock),
                new ProvenPasswords(() -> clock.nanos));
    }

    private void write(String text) throws IOException {
        Files.writeString(secrets.resolve("operators"), text + "\n");
    }

    private Authentication login(String name, String password, String address) {
        var attempt = UsernamePasswordAuthenticationToken.unauthenticated(name, password);
        attempt.setDetails(new WebAuthenticationDetails(address, null));
        return login.authenticate(attempt);
    }

    private @Nullable Why refused(String name, String password, String address) {
        var thrown = catchThrowableOfType(LoginRefusedException.class, () -> login(name, password, address));
        return thrown == null ? null : thrown.why();
    }

    private @Nullable Why refused(String name, String password) {
        return refused(name, password, "10.0.0.1");
    }

    @Test
    void letsInWhoProvesHimself() {
        var alice = login("alice", PASSWORD, "10.0.0.1");
        assertThat(alice.getPrincipal()).isEqualTo(new Operator("alice", Role.REPAIRER));
        assertThat(alice.getName()).isEqualTo("alice");
        assertThat(alice.getCredentials()).isNull();
        assertThat(alice.getAuthorities()).extracting(Object::toString).containsExactly("ROLE_VIEWER", "ROLE_REPAIRER");
        assertThat(login("admin", "long and random", "10.0.0.1").getAuthorities())
                .hasSize(4);
    }

    @Test
    void refusesEverybodyElse() {
        assertThat(refused("alice", "Correct horse battery")).isEqualTo(Why.WRONG);
        assertThat(refused("alice", "")).isEqualTo(Why.WRONG);
        assertThat(refused("alice", HASH)).isEqualTo(Why.WRONG);
        assertThat(refused("Alice", PASSWORD)).isEqualTo(Why.WRONG);
        assertThat(refused("bob", PASSWORD)).isEqualTo(Why.WRONG);
        assertThat(refused("", PASSWORD)).isEqualTo(Why.WRONG);
        assertThat(refused("admin", PASSWORD)).isEqualTo(Why.WRONG);
        assertThat(refused("admin", "")).isEqualTo(Why.WRONG);
    }

    /** bcrypt does not look beyond 72 bytes: two passwords that begin alike must not be one. */
    @Test
    void looksAtAllOfAPassword() throws IOException {
        var longest = "p".repeat(72);
        write("alice " + BCrypt.hashpw(longest, BCrypt.gensalt(10)) + " viewer");
        clock.turn(Operators.MAX_AGE);
        assertThat(refused("alice", longest)).isNull();
        assertThat(refused("alice", longest + "x")).isEqualTo(Why.WRONG);
    }

    @Test
    void refusesWhoseLineIsGone() throws IOException {
        assertThat(refused("alice", PASSWORD)).isNull();
        write("bob " + HASH + " viewer");
        clock.turn(Operators.MAX_AGE.minusMillis(1));
        assertThat(refused("alice", PASSWORD)).isNull();
        clock.turn(Duration.ofMillis(1));
        assertThat(refused("alice", PASSWORD)).isEqualTo(Why.WRONG);
        assertThat(refused("bob", PASSWORD)).isNull();
        Files.delete(secrets.resolve("operators"));
        clock.turn(Operators.MAX_AGE);
        assertThat(refused("bob", PASSWORD)).isEqualTo(Why.WRONG);
    }

    @Test
    void refusesAnOldPasswordThatWasRightAMomentAgo() throws IOException {
        assertThat(refused("alice", PASSWORD)).isNull();
        write("alice " + BCrypt.hashpw("another password", BCrypt.gensalt(10)) + " repairer");
        clock.turn(Operators.MAX_AGE);
        assertThat(refused("alice", PASSWORD)).isEqualTo(Why.WRONG);
        assertThat(refused("alice", "another password")).isNull();
    }

    @Test
    void givesTheRoleOfNow() throws IOException {
        login("alice", PASSWORD, "10.0.0.1");
        write("alice " + HASH + " viewer");
        clock.turn(Operators.MAX_AGE);
        assertThat(login("alice", PASSWORD, "10.0.0.1").getAuthorities()).hasSize(1);
    }

    @Test
    void looksAtNobodyWhoWasWrongTooOften() {
        for (var i = 0; i < FAILURES; i++) {
            assertThat(refused("alice", "guess " + i)).isEqualTo(Why.WRONG);
        }
        assertThat(refused("alice", "guess")).isEqualTo(Why.TOO_OFTEN);
        // nor is the right one told from others by now
        assertThat(refused("alice", PASSWORD)).isEqualTo(Why.TOO_OFTEN);
        assertThat(catchThrowableOfType(LoginRefusedException.class, () -> login("alice", "x", "10.0.0.1"))
                        .retryAfterSeconds())
                .isEqualTo(12);
        // others and elsewhere are not concerned
        assertThat(refused("admin", "long and random")).isNull();
        assertThat(refused("alice", PASSWORD, "10.0.0.2")).isNull();
        clock.turn(Duration.ofSeconds(12));
        assertThat(refused("alice", PASSWORD)).isNull();
        assertThat(refused("alice", "guess")).isEqualTo(Why.WRONG);
        assertThat(refused("alice", "guess")).isEqualTo(Why.TOO_OFTEN);
    }

    @Test
    void countsAllMadeUpNamesAsOne() {
        for (var i = 0; i < FAILURES; i++) {
            assertThat(refused("made up " + i, "x")).isEqualTo(Why.WRONG);
        }
        assertThat(refused("another", "x")).isEqualTo(Why.TOO_OFTEN);
        assertThat(refused("alice", PASSWORD)).isNull();
    }

    @Test
    void takesANetworkOfIpv6ForOneAddress() {
        for (var i = 0; i < FAILURES; i++) {
            assertThat(refused("admin", "x", "2001:db8:1:2::" + i)).isEqualTo(Why.WRONG);
        }
        assertThat(refused("admin", "x", "2001:db8:1:2:ffff::1")).isEqualTo(Why.TOO_OFTEN);
        assertThat(refused("admin", "x", "2001:db8:1:3::1")).isEqualTo(Why.WRONG);
        assertThat(refused("admin", "x", "fe80::1%eth0")).isEqualTo(Why.WRONG);
    }

    @Test
    void letsTheRightOneInAsOftenAsHeLikes() {
        for (var i = 0; i < 10 * FAILURES; i++) {
            assertThat(refused("alice", PASSWORD)).isNull();
            assertThat(refused("admin", "long and random")).isNull();
        }
    }

    /** Many who guess at the same time are not looked at before the first has failed. */
    @Test
    void looksAtNoMoreGuessesWhenTheyComeAtOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(20)) {
            var whys = threads.invokeAll(IntStream.range(0, 20)
                    .<Callable<@Nullable Why>>mapToObj(i -> () -> refused("alice", "guess " + i))
                    .toList());
            var wrong = 0;
            for (var why : whys) {
                wrong += why.get() == Why.WRONG ? 1 : 0;
            }
            assertThat(wrong).isEqualTo(FAILURES);
        }
    }

    @Test
    void remembersAProvenPasswordForAWhile() {
        var account = new Account(new Operator("alice", Role.VIEWER), List.of(HASH), true);
        var proven = new ProvenPasswords(() -> clock.nanos);
        proven.remember(account, PASSWORD);
        assertThat(proven.isProven(account, PASSWORD)).isTrue();
        assertThat(proven.isProven(account, PASSWORD + "x")).isFalse();
        assertThat(proven.isProven(new Account(new Operator("bob", Role.VIEWER), List.of(HASH), true), PASSWORD))
                .isFalse();
        assertThat(proven.isProven(new Account(account.operator(), List.of(HASH + "x"), true), PASSWORD))
                .isFalse();
        clock.turn(ProvenPasswords.MAX_AGE);
        assertThat(proven.isProven(account, PASSWORD)).isFalse();
    }

    @Test
    void letsTheAdministratorChangeOverFromOnePasswordToTheNext() {
        login("admin", "long and random", "10.0.0.1");
        admin.now = List.of("the next one", "long and random");
        login("admin", "the next one", "10.0.0.1");
        login("admin", "long and random", "10.0.0.1");
        assertThat(refused("admin", "the next one\nlong and random")).isEqualTo(Why.WRONG);
        assertThat(admin.used).containsExactly("long and random", "the next one", "long and random");
        admin.now = List.of("the next one");
        assertThat(refused("admin", "long and random")).isEqualTo(Why.WRONG);
        login("admin", "the next one", "10.0.0.1");
        admin.now = List.of();
        assertThat(refused("admin", "the next one")).isEqualTo(Why.WRONG);
        assertThat(refused("admin", "")).isEqualTo(Why.WRONG);
    }

    @Test
    void showsNoPassword() {
        assertThat(new Account(new Operator("alice", Role.VIEWER), List.of(HASH), true).toString())
                .doesNotContain(HASH);
        assertThat(Account.admin(List.of("long and random")).toString()).doesNotContain("random");
    }
}
