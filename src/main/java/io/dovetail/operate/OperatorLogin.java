package io.dovetail.operate;

import io.dovetail.operate.LoginRefusedException.Why;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/**
 * Lets operators in by name and password. Slow hashes are made one at a time, so that whoever tries many passwords takes
 * no more than one core, and whoever is wrong too often is not looked at for a while.
 */
final class OperatorLogin implements AuthenticationProvider {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Operators operators;
    private final FailedLogins failures;
    private final ProvenPasswords proven;
    private final ReentrantLock slow = new ReentrantLock();

    OperatorLogin(Operators operators, FailedLogins failures, ProvenPasswords proven) {
        this.operators = operators;
        this.failures = failures;
        this.proven = proven;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        var account = operators.find(attempt.getName());
        var password = String.valueOf(attempt.getCredentials());
        var address = attempt.getDetails() instanceof WebAuthenticationDetails web ? web.getRemoteAddress() : "";
        require(account, password, address);
        var operator = account.orElseThrow().operator();
        operators.proved(operator, password);
        return UsernamePasswordAuthenticationToken.authenticated(
                operator, null, operator.role().authorities());
    }

    private void require(Optional<Account> account, String password, String address) {
        var name = account.map(known -> known.operator().name()).orElse("");
        var allowance = failures.allowance(address, name);
        var left = allowance.estimateAbilityToConsume(1);
        if (!left.canBeConsumed()) {
            throw tooOften(name, left.getNanosToWaitForRefill());
        }
        if (account.isPresent() && proven.isProven(account.get(), password)) {
            return;
        }
        // taken before the password is tried: many who try at the same time are as many who were wrong
        var taken = allowance.tryConsumeAndReturnRemaining(1);
        if (!taken.isConsumed()) {
            throw tooOften(name, taken.getNanosToWaitForRefill());
        }
        if (!fits(account, password, name)) {
            throw new LoginRefusedException(Why.WRONG, name, Duration.ZERO);
        }
        allowance.addTokens(1);
    }

    private boolean fits(Optional<Account> account, String password, String name) {
        // how long the answer takes must not tell which names there are
        var tried = account.or(operators::anybody);
        if (tried.isEmpty()) {
            return false;
        }
        if (!tried.get().isHashed()) {
            return fits(tried.get(), account, password);
        }
        try {
            if (!slow.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw tooOften(name, PATIENCE.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw tooOften(name, PATIENCE.toNanos());
        }
        try {
            return fits(tried.get(), account, password);
        } finally {
            slow.unlock();
        }
    }

    private boolean fits(Account tried, Optional<Account> account, String password) {
        // somebody else may have proven it while this one waited
        var fits = proven.isProven(tried, password) || tried.fits(password);
        if (fits && account.isPresent()) {
            proven.remember(tried, password);
        }
        return fits && account.isPresent();
    }

    private static LoginRefusedException tooOften(String name, long nanos) {
        return new LoginRefusedException(Why.TOO_OFTEN, name, Duration.ofNanos(nanos));
    }
}
