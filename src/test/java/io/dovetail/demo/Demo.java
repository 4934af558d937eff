package io.dovetail.demo;

import io.dovetail.harness.HrSystem;
import io.dovetail.harness.HubProcess;
import io.dovetail.harness.KeycloakServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./hub demo}. */
@Command(
        name = "hub demo",
        mixinStandardHelpOptions = true,
        description = "Run a hub with simulated partner systems and a subscriber, and show what it does in a minute.",
        footer = {"", "Example: hub demo --once"})
public final class Demo implements Callable<Integer> {

    /** A directory with this file in it is the demo's, and made anew each time. */
    private static final String MARK = "made-by-hub-demo";

    @Option(names = "--once", description = "End after the story, with 0 only if all of it really happened.")
    private boolean once;

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "0", description = "Default: a free one.")
    private int port;

    @Option(names = "--data", paramLabel = "DIR", description = "Default: demo in the data directory. Made anew.")
    private @Nullable Path data;

    @Option(
            names = "--keycloak",
            description = "With a real Keycloak (fetched once, 180 MB; its first start takes about a minute).")
    private boolean withKeycloak;

    private final Page page;
    private final PrintStream err;
    private volatile boolean ending;

    Demo(PrintStream out, PrintStream err) {
        page = new Page(out);
        this.err = err;
    }

    public static void main(String[] arguments) {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.exit(new CommandLine(new Demo(out, System.err))
                .setUsageHelpWidth(100)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    System.err.println("hub demo: " + e.getMessage());
                    return 1;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        var directory = (data != null
                        ? data
                        : Path.of(System.getProperty("hub.data", "data"), once ? "demo-once" : "demo"))
                .toAbsolutePath()
                .normalize();
        if (!makeAnew(directory)) {
            err.println("hub demo: " + directory
                    + " is not empty, and was not made by the demo or is in use. Give another with --data.");
            return 2;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ending = true, "ending"));
        page.title("Dovetail in a minute");
        page.say("A hub of its own, the systems around it, and a consumer on its bus. All of it is real.");
        try (var neighbours = new Neighbours(directory.resolve("sftp"));
                var keycloak = withKeycloak ? KeycloakServer.begin() : null) {
            return show(directory, neighbours, keycloak);
        }
    }

    private int show(Path directory, Neighbours neighbours, @Nullable KeycloakServer keycloak) throws Exception {
        page.step("A hub starts, with a PostgreSQL and a broker of its own");
        var house = House.copy(Path.of(System.getProperty("hub.root", ".")), directory.resolve("house"), root -> {
            neighbours.areAskedBelow(root);
            if (keycloak != null) {
                keycloak.isAskedBelow(root);
                HrSystem.into(root);
            }
        });
        house.agreeOnSecrets(directory.resolve("secrets"));
        if (keycloak != null) {
            house.agreeOnSecrets(directory.resolve("secrets"), keycloak.secrets());
        }
        var began = System.nanoTime();
        var passed = false;
        try (var process = HubProcess.start(house.root(), directory, Map.of("HUB_PORT", Integer.toString(port)))) {
            var hub = process.ready();
            page.say(
                    "Ready after %.1f s. It keeps everything in %s.",
                    (System.nanoTime() - began) / 1e9, shown(directory));
            try (var bus = new Bus(hub, page)) {
                var checks = new Story(page, house, hub, new Desk(hub), bus, neighbours.all(), keycloak).tell();
                passed = checks.hold();
                summary(checks);
                if (!once) {
                    whereToLook(hub, directory);
                    new Traffic(hub, house).run(process);
                }
            }
            if (!process.isAlive() && !ending) {
                err.println("hub demo: the hub ended. Its last words:\n" + process.tail());
                return 1;
            }
        }
        if (once && data == null && passed) {
            delete(directory);
        } else if (once) {
            page.say("What the hub kept is in %s, its log in hub.log there.", shown(directory));
        }
        return passed ? 0 : 1;
    }

    private void summary(Checks checks) {
        page.step("Did all that really happen?");
        checks.all().forEach(page::check);
        page.line("");
        var failed = checks.all().stream().filter(check -> !check.ok()).count();
        page.line(
                failed == 0
                        ? page.good("All of it: " + checks.all().size() + " of "
                                + checks.all().size() + " checks hold.")
                        : page.bad(failed + " of " + checks.all().size() + " checks do not hold."));
    }

    private void whereToLook(HubProcess.Address hub, Path directory) {
        var where = shown(directory);
        page.step("Look around; the hub goes on, and a little traffic with it. Ctrl-C ends it.");
        page.field("dead letters", "./hub dead list --data " + where);
        page.field("one order", "./hub timeline 4500099001 --data " + where);
        page.field("books", "./hub books --data " + where);
        page.field("API", hub.url() + "/api/books (user admin, password in " + where + "/secrets/hub.admin)");
        page.field("metrics", "http://127.0.0.1:" + hub.managementPort() + "/actuator/prometheus (the same password)");
        page.field(
                "bus",
                "amqp://127.0.0.1:" + hub.amqpPort()
                        + ", queue hub.telemetry::workflow.telemetry (user workflow, password in " + where
                        + "/secrets/bus.workflow)");
        page.field("the files", where + "/house: change a mapping there, then ./hub reload --data " + where);
        page.line("");
    }

    /** As a person in the current directory would write it. */
    private static String shown(Path directory) {
        var here = Path.of("").toAbsolutePath();
        return directory.startsWith(here) ? here.relativize(directory).toString() : directory.toString();
    }

    private static boolean makeAnew(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (var files = Files.list(directory)) {
                if (files.findAny().isPresent() && (!Files.exists(directory.resolve(MARK)) || isInUse(directory))) {
                    return false;
                }
            }
            delete(directory);
        }
        Files.createDirectories(directory);
        Files.createFile(directory.resolve(MARK));
        return true;
    }

    /** Whether a hub runs there: it holds the lock, which another process cannot take. */
    private static boolean isInUse(Path directory) throws IOException {
        var lock = directory.resolve("hub.lock");
        if (!Files.exists(lock)) {
            return false;
        }
        try (var channel = java.nio.channels.FileChannel.open(lock, java.nio.file.StandardOpenOption.WRITE);
                var taken = channel.tryLock()) {
            return taken == null;
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
