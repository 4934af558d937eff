package io.dovetail;

import io.dovetail.connector.Configuration;
import io.dovetail.operate.OperatorsFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a hub on which others rely must not start with. */
final class Production {

    private static final int SHORTEST_PASSWORD = 12;

    // what is left of a password without digits and signs; of 123456789012 it is nothing
    private static final Pattern WELL_KNOWN = Pattern.compile(
            "(admin|administrator|root|hub|dovetail|user|test|demo|default|secret|pass|password|passwort|changeme|"
                    + "changeit|letmein|welcome|qwerty|qwertz|abc)*");

    private Production() {}

    /**
     * @param front of webhooks and the API
     * @param others the other ports
     * @throws CannotStartException with all that is wrong
     */
    static void require(
            HubSettings settings,
            PortTls front,
            List<Port> others,
            Configuration configuration,
            SecretFiles secrets,
            Optional<String> auditRisk) {
        var problems = new ArrayList<String>();
        var missing = secrets.missing(configuration, settings);
        if (!missing.isEmpty()) {
            problems.add("These secrets are missing in " + settings.secretsPath() + ": " + String.join(", ", missing)
                    + ". Put one file for each there (one secret a line).");
        }
        var empty = secrets.empty(settings);
        if (!empty.isEmpty()) {
            problems.add(secrets.sayEmpty(empty));
        }
        problems.addAll(secrets.sharedBySenders(configuration));
        if (!missing.contains("hub.admin")) {
            secrets.adminPasswords(settings)
                    .forEach(password -> problems.addAll(ofPassword(
                            "The administrator's password", "HUB_ADMIN_PASSWORD or the secret hub.admin,", password)));
        }
        secrets.passwords(configuration, settings)
                .forEach((name, passwords) -> passwords.forEach(password -> problems.addAll(
                        ofPassword("A password in the secret " + name, "it, and tell its user,", password))));
        problems.addAll(OperatorsFile.problems(settings.secretsPath()).stream()
                .map(problem -> "Secret file " + problem)
                .toList());
        if (!front.isOn() && !settings.tlsEndsBefore()) {
            problems.add(
                    "It would speak plain HTTP. Give it a certificate with server.ssl.bundle, or let a proxy before"
                            + " it take HTTPS, and say so with HUB_TLS_ENDS_BEFORE=true (hub.tls-ends-before).");
        }
        if (!settings.tlsEndsBefore()) {
            others.forEach(port -> port.inTheClear().ifPresent(problems::add));
        }
        problems.addAll(front.notAskedFor(configuration));
        auditRisk.ifPresent(problems::add);
        if (!problems.isEmpty()) {
            throw new CannotStartException(
                    "With HUB_PRODUCTION=true, this stands against it:\n  " + String.join("\n  ", problems));
        }
    }

    private static List<String> ofPassword(String what, String where, String password) {
        var advice = ". Put a long random one into " + where + " as of: openssl rand -hex 24";
        var problems = new ArrayList<String>();
        if (password.length() < SHORTEST_PASSWORD) {
            problems.add(what + " has fewer than " + SHORTEST_PASSWORD + " characters" + advice);
        }
        var letters = password.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}]", "");
        if (WELL_KNOWN.matcher(letters).matches()) {
            problems.add(what + " is one that everybody tries first" + advice);
        }
        return problems;
    }
}
