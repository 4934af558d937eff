package io.dovetail.crash;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.dovetail.harness.Program;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A hub in a JVM of its own, on free ports and its own data directory; it may be killed and started again. */
final class HubProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Where a hub that is ready can be reached; a new one for each start. */
    record Address(long pid, String url, int amqpPort) {}

    /**
     * What time it is for the hub.
     *
     * @param ahead of everybody else
     * @param changes how often that was changed, begun and done
     */
    record Clock(Duration ahead, int changes) {

        /** Whether nobody has turned it between these two looks at it. */
        boolean isStill(Clock later) {
            return changes % 2 == 0 && changes == later.changes;
        }
    }

    private final Path data;
    private final Map<String, String> environment = new TreeMap<>();
    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final List<String> options = new ArrayList<>();
    private String rules = "";
    private boolean onlyWhenArmed;
    private boolean ruled;
    private @Nullable Guest guest;
    private @Nullable Process process;
    private volatile @Nullable Address address;
    private volatile Clock clock = new Clock(Duration.ZERO, 0);
    private int deaths;
    private long launchedAt;
    private Duration longestStart = Duration.ZERO;

    HubProcess(Path data) {
        this.data = data;
    }

    /** A setting for every later start. */
    HubProcess setting(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** A flag of Java for every later start. */
    HubProcess option(String option) {
        options.add(option);
        return this;
    }

    /** Byteman's rules for every later start: the name of a resource beside this class. None for an empty name. */
    HubProcess rules(String name) {
        rules = name;
        onlyWhenArmed = false;
        return this;
    }

    /**
     * The rules of kill-points.btm, for every later start. They do nothing before something is armed, and a JVM that has to
     * show an agent each class it loads starts more slowly: unless it is armed for the start, the hub gets them by the first
     * {@link #arm}.
     */
    HubProcess killPoints() {
        rules("kill-points");
        onlyWhenArmed = true;
        return this;
    }

    /** The rules of poison.btm for every later start, and armed: until {@link #disarm} certain events end it, or hang. */
    HubProcess poisoned() {
        rules("poison");
        arm("poison");
        return this;
    }

    /** Byteman's rules for it as it runs, and for every later start. */
    void spoil(String name) {
        rules(name);
        bringRules();
    }

    /** Has it start in a virtual machine from now on. */
    HubProcess in(Guest guest) {
        this.guest = guest;
        environment.putAll(guest.settings());
        return this;
    }

    /** Makes it die at the kill point of this name, which its rules must have. */
    void arm(String point) {
        if (isAlive() && !ruled) {
            bringRules();
        }
        try {
            Files.createDirectories(armed());
            Files.createFile(armed().resolve(point));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loads the agent into the hub that runs. */
    private void bringRules() {
        try {
            var machine = VirtualMachine.attach(Long.toString(running().pid()));
            try {
                machine.loadAgent(agent(), "script:" + script(rules));
            } finally {
                machine.detach();
            }
            ruled = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException e) {
            throw new IllegalStateException("Byteman cannot be loaded into the hub:\n" + output(), e);
        }
    }

    /** Takes back every {@link #arm}. */
    void disarm() {
        Template.delete(armed());
    }

    /** Says at which points it is to die. */
    private String armedPoints() {
        var points = armed().toFile().list();
        return points == null ? "" : ", armed with " + String.join(", ", points);
    }

    private Path armed() {
        return data.resolveSibling("armed");
    }

    Path data() {
        return data;
    }

    String secret(String name) {
        return secrets.computeIfAbsent(name, file -> {
            try {
                return Files.readString(data.resolve("secrets").resolve(file)).strip();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    Clock clock() {
        return clock;
    }

    /** Turns its clock, by what {@code turning} does. */
    void turnClock(Duration ahead, Runnable turning) {
        clock = new Clock(ahead, clock.changes + 1);
        turning.run();
        clock = new Clock(ahead, clock.changes + 1);
    }

    /** How often it was killed, or made to die. */
    int deaths() {
        return deaths;
    }

    /** The longest time from a start to ready. */
    Duration longestStart() {
        return longestStart;
    }

    /** Where it is now; null while it is down or not ready. */
    @Nullable
    Address address() {
        return address;
    }

    /** Waits until it is ready, and gives null when it is not within the time. */
    @Nullable
    synchronized Address awaitAddress(Duration atMost) throws InterruptedException {
        var end = System.nanoTime() + atMost.toNanos();
        while (address == null) {
            var left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return null;
            }
            wait(left);
        }
        return address;
    }

    /** Starts it and waits until it is ready. */
    void start() {
        launch();
        requireReady();
    }

    /** Starts it without waiting. */
    void launch() {
        try {
            Files.createDirectories(data);
            Files.deleteIfExists(ready());
            ruled = !rules.isEmpty() && (!onlyWhenArmed || guest != null || Files.exists(armed()));
            var flags = new ArrayList<String>();
            flags.add("-Xmx256m");
            flags.addAll(options);
            if (!rules.isEmpty()) {
                flags.add("-Dcrash.armed=" + armed());
                flags.add("-XX:+EnableDynamicAgentLoading");
            }
            if (ruled) {
                flags.add("-javaagent:" + agent() + "=script:" + script(rules));
            }
            var builder = new ProcessBuilder(Program.get().command(flags))
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            var env = builder.environment();
            env.keySet().removeIf(name -> name.startsWith("HUB_") || name.startsWith("SPRING_"));
            env.put("HUB_PORT", "0");
            env.put("HUB_MANAGEMENT_PORT", "0");
            env.put("HUB_AMQP_PORT", "0");
            env.put("HUB_DATA", data.toString());
            env.put("HUB_SECRETS", data.resolve("secrets").toString());
            env.put("HUB_ROOT", Program.get().engineersFiles().toString());
            env.put("HUB_WATCHINTERVAL", "500ms");
            env.put("HUB_AUDIT_INTERVAL", "500ms");
            env.putAll(environment);
            launchedAt = System.nanoTime();
            process = guest == null ? builder.start() : guest.start(builder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String agent() {
        try {
            return Path.of(org.jboss.byteman.agent.Main.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As a file of its own, since these classes may be in a jar. */
    private Path script(String name) throws IOException {
        try (var script = HubProcess.class.getResourceAsStream(name + ".btm")) {
            if (script == null) {
                throw new IllegalArgumentException("there are no rules called " + name);
            }
            var file = data.resolveSibling(name + ".btm");
            Files.copy(script, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        }
    }

    /** Waits until it is ready; false when it ended before. */
    boolean awaitReady() {
        var file = ready();
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(file)) {
            if (!pauseWhileAlive(20)) {
                return false;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("The hub is not ready after " + PATIENCE + ":\n" + output());
            }
        }
        try {
            var run = MAPPER.readTree(file.toFile());
            var start = Duration.ofNanos(System.nanoTime() - launchedAt);
            longestStart = start.compareTo(longestStart) > 0 ? start : longestStart;
            synchronized (this) {
                address = new Address(
                        run.path("pid").asLong(),
                        run.path("url").asText(),
                        run.path("amqpPort").asInt());
                notifyAll();
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it is ready, which it must become. */
    void requireReady() {
        if (!awaitReady()) {
            throw new AssertionError("The hub ended with " + exitValue() + " instead of starting:\n" + output());
        }
    }

    /** Gives it that long to become ready. */
    void awaitReadyFor(Duration atMost) {
        var end = System.nanoTime() + atMost.toNanos();
        while (!Files.exists(ready()) && System.nanoTime() < end && pauseWhileAlive(5)) {
            // still starting
        }
    }

    /** As {@code kill -9} does it. */
    void kill() {
        address = null;
        if (process != null) {
            deaths++;
            process.destroyForcibly();
            await(Duration.ofSeconds(20));
        }
    }

    /** Waits for its end, which somebody else brings about. */
    int awaitExit(Duration atMost) {
        var status = end(atMost);
        deaths++;
        return status;
    }

    private int end(Duration atMost) {
        if (!await(atMost)) {
            throw new AssertionError("The hub still runs after " + atMost + armedPoints() + ":\n" + output());
        }
        address = null;
        return exitValue();
    }

    /** As an operator stops it. */
    void stop(Duration atMost) {
        address = null;
        if (process != null) {
            process.destroy();
            end(atMost);
        }
    }

    /** Sends a signal such as STOP. */
    void signal(String name) {
        signal(running().pid(), name);
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** The last of what it printed, over all its starts. */
    String output() {
        try {
            var all = Files.exists(log()) ? Files.readString(log()) : "";
            return all.substring(Math.max(0, all.length() - 6_000));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Which it writes when it is ready. */
    private Path ready() {
        return guest == null ? data.resolve("run.json") : guest.ready();
    }

    Path log() {
        return data.resolveSibling(data.getFileName() + ".log");
    }

    /** Leaves nothing running, neither the hub nor a PostgreSQL that a kill left behind. */
    @Override
    public void close() {
        if (isAlive()) {
            kill();
        }
        try (var links = Files.newDirectoryStream(data, Files::isSymbolicLink)) {
            for (var link : links) {
                Files.delete(link);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        postgres().ifPresent(postgres -> {
            signal(postgres.pid(), "QUIT");
            postgres.onExit().orTimeout(20, TimeUnit.SECONDS).join();
        });
    }

    /** The PostgreSQL of its own, the server of all its processes; empty when none works on its data. */
    Optional<ProcessHandle> postgres() {
        var pidFile = data.resolve("postgres/postmaster.pid");
        try (var lines = Files.lines(pidFile)) {
            var pid = Long.parseLong(lines.findFirst().orElse("0").strip());
            var cwd = Path.of("/proc", Long.toString(pid), "cwd");
            return Files.readSymbolicLink(cwd).equals(data.resolve("postgres").toRealPath())
                    ? ProcessHandle.of(pid)
                    : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("it was never started");
        }
        return process;
    }

    private int exitValue() {
        return running().exitValue();
    }

    private boolean await(Duration atMost) {
        try {
            return running().waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private boolean pauseWhileAlive(long millis) {
        return !await(Duration.ofMillis(millis));
    }

    static void signal(long pid, String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
