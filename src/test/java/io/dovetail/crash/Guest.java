package io.dovetail.crash;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A virtual machine for one hub. It sees the files of this machine at the same places and may change none of them; the
 * hub's data are on a disk of its own. To end its process is to cut its power.
 */
final class Guest {

    private static final String PACKAGES = "Debian: apt install qemu-system-x86 linux-image-amd64 busybox-static";
    private static final String QEMU = "qemu-system-x86_64";
    private static final Path KERNELS = Path.of("/boot");
    private static final List<String> MODULES = List.of(
            "virtio_pci", "virtio_blk", "virtio_net", "9pnet_virtio", "9p", "crc32c_generic", "ext4", "overlay");

    /** Which the hub listens on, there as here. */
    private static final List<String> PORTS = List.of("HUB_PORT", "HUB_AMQP_PORT");

    private final Path data;
    private final Path directory;
    private final Drive drive;
    private final Map<String, Integer> ports;

    private Guest(Path data, Path directory, Map<String, Integer> ports) {
        this.data = data;
        this.directory = directory;
        this.drive = new Drive(directory);
        this.ports = ports;
    }

    /** One on whose disk these data are now; what is done there is not done here. */
    static Guest with(Path data) throws IOException {
        var ports = new TreeMap<String, Integer>();
        for (var port : PORTS) {
            try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                ports.put(port, free.getLocalPort());
            }
        }
        var guest = new Guest(data, Files.createDirectories(data.resolveSibling("guest")), ports);
        guest.drive.format(data, owner(data));
        guest.pack();
        return guest;
    }

    /** Why there can be none here; null when there can. */
    static @Nullable String whyNot() {
        var missing = Stream.of(QEMU, "busybox", "modprobe", "mke2fs")
                .filter(program -> Programs.find(program) == null)
                .toList();
        if (!missing.isEmpty()) {
            return String.join(", ", missing) + " is not installed (" + PACKAGES + ")";
        }
        try {
            kernel();
            return null;
        } catch (IOException e) {
            return e.getMessage() + " (" + PACKAGES + ")";
        }
    }

    /** Settings without which nobody outside could reach the hub. */
    Map<String, String> settings() {
        var settings = new TreeMap<String, String>();
        ports.forEach((name, port) -> settings.put(name, port.toString()));
        settings.put("HUB_AMQP_ADDRESS", "0.0.0.0");
        return settings;
    }

    /** Switches it on; the hub is all it does, and both end together. */
    Process start(ProcessBuilder hub) throws IOException {
        Files.writeString(directory.resolve("hub.sh"), script(hub));
        var command = new ArrayList<>(List.of(
                Objects.requireNonNull(Programs.find(QEMU)).toString(),
                // this machine may be a virtual one itself, and what speeds guests up is rarely to be had in those
                "-accel",
                "tcg",
                "-cpu",
                "max",
                "-smp",
                "2",
                "-m",
                "2048",
                "-nodefaults",
                "-no-reboot",
                "-display",
                "none",
                "-serial",
                "stdio",
                "-kernel",
                kernel().toString(),
                "-initrd",
                initrd().toString(),
                "-append",
                "console=ttyS0 quiet panic=-1",
                "-virtfs",
                "local,path=/,mount_tag=machine,security_model=none,readonly=on,multidevs=remap",
                "-virtfs",
                "local,path=" + directory + ",mount_tag=outside,security_model=none",
                "-netdev",
                "user,id=net,restrict=on"
                        + ports.values().stream()
                                .map(port -> ",hostfwd=tcp:127.0.0.1:" + port + "-:" + port)
                                .collect(Collectors.joining()),
                "-device",
                "virtio-net-pci,netdev=net,romfile="));
        command.addAll(drive.plugIn());
        return new ProcessBuilder(command)
                .redirectInput(hub.redirectInput())
                .redirectErrorStream(true)
                .redirectOutput(hub.redirectOutput())
                .start();
    }

    /** What the hub wrote when it was ready, from its disk to here. */
    Path ready() {
        return directory.resolve("run.json");
    }

    /** After its process has ended: what its disk had not been told to keep is gone. */
    void losePower(Random random) throws IOException {
        drive.losePower(random);
    }

    private String script(ProcessBuilder hub) {
        var script = new StringBuilder("cd /\n");
        hub.environment().forEach((name, value) -> {
            if (name.matches("[A-Za-z_][A-Za-z_0-9]*")) {
                script.append("export ")
                        .append(name)
                        .append('=')
                        .append(quoted(value))
                        .append('\n');
            }
        });
        return script.append("exec ")
                .append(hub.command().stream().map(Guest::quoted).collect(Collectors.joining(" ")))
                .append('\n')
                .toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** What the kernel starts with: drivers, and the way to the hub. */
    private void pack() throws IOException {
        var tree = Files.createDirectories(directory.resolve("initrd"));
        for (var place : List.of("bin", "modules", "proc", "sys", "dev", "machine", "changes", "root")) {
            Files.createDirectories(tree.resolve(place));
        }
        Files.copy(Objects.requireNonNull(Programs.find("busybox")), tree.resolve("bin/busybox"));
        var n = 100;
        for (var module : modules()) {
            Files.copy(module, tree.resolve("modules/" + n++ + "-" + module.getFileName()));
        }
        try (var init = Objects.requireNonNull(Guest.class.getResourceAsStream("guest-init.sh"))) {
            Files.writeString(
                    tree.resolve("init"),
                    new String(init.readAllBytes(), StandardCharsets.UTF_8)
                            .replace("%DATA%", data.toString())
                            .replace("%OWNER%", owner(data)));
        }
        Files.setPosixFilePermissions(tree.resolve("init"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Programs.run(tree, "sh", "-c", "find . | busybox cpio -o -H newc > " + quoted(initrd().toString()));
    }

    private Path initrd() {
        return directory.resolve("initrd.img");
    }

    private static String owner(Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid") + ":" + Files.getAttribute(path, "unix:gid");
    }

    private static Path kernel() throws IOException {
        try (var found = Files.newDirectoryStream(KERNELS, "vmlinuz-*")) {
            for (var kernel : found) {
                if (Files.isReadable(kernel) && !modules(kernel).isEmpty()) {
                    return kernel;
                }
            }
        }
        throw new IOException("no kernel in " + KERNELS + " has the modules " + MODULES);
    }

    private static List<Path> modules() throws IOException {
        return modules(kernel());
    }

    /** Those and what they need, in that order; none when one is missing, or packed in a way that busybox cannot read. */
    private static List<Path> modules(Path kernel) {
        var version = kernel.getFileName().toString().substring("vmlinuz-".length());
        var modules = new LinkedHashSet<Path>();
        for (var module : MODULES) {
            try {
                Programs.run("modprobe", "--show-depends", "-S", version, module)
                        .lines()
                        .filter(line -> line.startsWith("insmod "))
                        .map(line -> Path.of(line.substring("insmod ".length()).strip()))
                        .forEach(modules::add);
            } catch (IOException e) {
                return List.of();
            }
        }
        var readable = modules.stream().allMatch(module -> module.toString().endsWith(".ko"));
        return readable ? List.copyOf(modules) : List.of();
    }
}
