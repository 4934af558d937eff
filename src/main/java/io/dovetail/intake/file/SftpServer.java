package io.dovetail.intake.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import io.dovetail.call.Secrets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * Where a folder is: {@code sftp://user@host:22/folder}.
 *
 * @param path {@code /~/in} leads from the user's own folder, {@code /in} from the root
 */
record SftpServer(String user, String host, int port, String path) {

    static final int PATIENCE_MILLIS = 15_000;

    private static final String PINNED = "pinned";
    private static final Pattern HOST_KEY =
            Pattern.compile("(?:^|.*\\s)((?:ssh|ecdsa)-[a-z0-9-]+)\\s+(AAAA[A-Za-z0-9+/]+=*)(?:\\s.*)?");

    /** @throws IOException saying what the secret of that name should be */
    static SftpServer of(String secret, String text) throws IOException {
        try {
            var uri = URI.create(text);
            var user = uri.getUserInfo();
            if ("sftp".equals(uri.getScheme())
                    && uri.getHost() != null
                    && user != null
                    && !user.contains(":")
                    && uri.getPath().length() > 1) {
                var path = uri.getPath().startsWith("/~/") ? uri.getPath().substring(3) : uri.getPath();
                return new SftpServer(user, uri.getHost(), uri.getPort() < 0 ? 22 : uri.getPort(), path);
            }
        } catch (IllegalArgumentException e) {
            // said below, with what it should be
        }
        throw new IOException("the secret " + secret
                + " is not the address of a folder, as sftp://hub@files.acme.example/out, without a password");
    }

    Session connect(Login login, Secrets secrets) throws IOException, JSchException {
        var jsch = new JSch();
        var kind = pin(jsch, login.hostKey(), secrets.value(login.hostKey()));
        if (login.privateKey() != null) {
            jsch.addIdentity(
                    user, secrets.value(login.privateKey()).concat("\n").getBytes(UTF_8), null, null);
        }
        var session = jsch.getSession(user, host, port);
        session.setHostKeyAlias(PINNED);
        session.setConfig("StrictHostKeyChecking", "yes");
        session.setConfig("server_host_key", kind.equals("ssh-rsa") ? "rsa-sha2-512,rsa-sha2-256" : kind);
        session.setConfig("PreferredAuthentications", login.privateKey() != null ? "publickey" : "password");
        if (login.password() != null) {
            session.setPassword(secrets.value(login.password()));
        }
        session.setDaemonThread(true);
        session.setTimeout(PATIENCE_MILLIS);
        session.connect(PATIENCE_MILLIS);
        return session;
    }

    /** For whoever has to mend it. */
    IOException reason(JSchException e, Login login) {
        var said = String.valueOf(e.getMessage()).replaceAll("[\\p{Cc}\\p{Cf}]+", " ");
        if (Thread.currentThread().isInterrupted() || e.getCause() instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return new IOException("the hub is being stopped, or its files change");
        }
        if (said.contains("HostKey has been changed")
                || said.contains("reject HostKey")
                || said.contains("UnknownHostKey")) {
            return new IOException(this + " has another key than the secret " + login.hostKey()
                    + " says, and is not spoken to. If it has a new one, ask its owner before you write it there");
        }
        if (said.startsWith("Auth ") || said.startsWith("USERAUTH")) {
            return new IOException(this + " does not let " + user + " in; see to the secret "
                    + (login.privateKey() != null ? login.privateKey() : login.password()));
        }
        if (said.startsWith("invalid privatekey")) {
            return new IOException("the secret " + login.privateKey() + " is no private key without a passphrase, as"
                    + " ssh-keygen writes it");
        }
        if (said.startsWith("Algorithm negotiation fail")) {
            return new IOException(this + " has no key of the kind that the secret " + login.hostKey()
                    + " holds, or speaks only what is too weak: " + said);
        }
        return new IOException(this + " cannot be reached: " + said);
    }

    /** Lets this key alone be taken for the server's, whatever name and port its line begins with. */
    private static String pin(JSch jsch, String name, String line) throws IOException {
        var found = HOST_KEY.matcher(line.strip());
        try {
            if (found.matches()) {
                var known = PINNED + " " + found.group(1) + " " + found.group(2);
                jsch.setKnownHosts(new ByteArrayInputStream(known.getBytes(UTF_8)));
                return found.group(1);
            }
        } catch (JSchException e) {
            // said below, with what it should be
        }
        throw new IOException(
                "the secret " + name + " is no key of a server, as ssh-keyscan prints it: ssh-ed25519 AAAA…");
    }

    @Override
    public String toString() {
        return host + (port == 22 ? "" : ":" + port);
    }
}
