package io.dovetail.operate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** What an operator may do; each may do what those before it may. */
enum Role {
    /** Look. */
    VIEWER,
    /** Replay and discard dead letters, and reload. */
    REPAIRER,
    /** Approve or refuse what others prepared, and read the audit. */
    APPROVER,
    /** Everything. */
    ADMIN;

    /** As people write it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role that an operator of the secret file may be given: not that of {@code admin}. */
    static Optional<Role> ofOperator(String word) {
        return Arrays.stream(values())
                .filter(role -> role != ADMIN && role.word().equals(word))
                .findFirst();
    }

    /** Its own, and those of all that it includes. */
    List<GrantedAuthority> authorities() {
        return Arrays.stream(values())
                .filter(role -> role.compareTo(this) <= 0)
                .<GrantedAuthority>map(role -> new SimpleGrantedAuthority("ROLE_" + role.name()))
                .toList();
    }
}
