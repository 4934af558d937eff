package io.dovetail.ledger.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL program as a child of the hub: the same environment for all, and a way round its refusal of root. */
final class ChildProcess {

    private static final Path DEV_NULL = Path.of("/dev/null");

    private ChildProcess() {}

    /** Runs a program to its end and gives what it printed; anything but success is an exception that carries that. */
    static String run(@Nullable String input, List<String> command) throws IOException {
        var process = prepared(command).redirectErrorStream(true).start();
        try (var stdin = process.outputWriter(StandardCharsets.US_ASCII)) {
            if (input != null) {
                stdin.write(input);
            }
        }
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (await(process) != 0) {
            throw new CannotStartException(failed(command.get(0), output));
        }
        return output;
    }

    /** Starts a program that outlives this call, in a session of its own: Ctrl-C in the terminal reaches the hub alone. */
    static Process start(List<String> command, Path log) throws IOException {
        var detached = new ArrayList<String>();
        detached.add("setsid");
        detached.addAll(notAsRoot(command));
        return environment(new ProcessBuilder(detached))
                .redirectErrorStream(true)
                .redirectInput(DEV_NULL.toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Sends a signal, such as INT; Java itself has only TERM and KILL, and those are not what PostgreSQL needs. */
    static void signal(long pid, String signal) throws IOException {
        await(new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid)
                .redirectErrorStream(true)
                .redirectOutput(DEV_NULL.toFile())
                .start());
    }

    static String failed(String program, String output) {
        if (isRoot() && !unshares()) {
            return "PostgreSQL does not run as root, and this machine does not let it shed that (unshare -U is refused)."
                    + " Run the hub as another user, or give it a database by"
                    + " HUB_DATABASE_URL=jdbc:postgresql://HOST:PORT/DATABASE?user=…&password=….";
        }
        return "%s failed. It said: %s".formatted(program, output.isEmpty() ? "nothing" : output);
    }

    private static ProcessBuilder prepared(List<String> command) {
        return environment(new ProcessBuilder(notAsRoot(command)));
    }

    private static ProcessBuilder environment(ProcessBuilder builder) {
        var environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        environment.put("LC_ALL", "C");
        environment.put("TZ", "UTC");
        return builder;
    }

    /** In a user namespace without a mapping root is nobody in particular, who owns the same files. */
    private static List<String> notAsRoot(List<String> command) {
        if (!isRoot()) {
            return command;
        }
        var unshared = new ArrayList<>(List.of("unshare", "-U"));
        unshared.addAll(command);
        return unshared;
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return "root".equals(System.getProperty("user.name"));
        }
    }

    private static boolean unshares() {
        try {
            return await(new ProcessBuilder("unshare", "-U", "true").start()) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static int await(Process process) throws IOException {
        try {
            if (process.waitFor(2, TimeUnit.MINUTES)) {
                return process.exitValue();
            }
            process.destroyForcibly();
            throw new IOException("%s did not end within 2 minutes"
                    .formatted(process.info().command().orElse("A child process")));
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while a child process ran", e);
        }
    }
}
