package io.dovetail.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A TCP port on which a process listens, as Linux tells it (proc(5), {@code /proc/net/tcp}).
 *
 * @param toOthers whether another machine may connect
 */
record OpenPort(int number, boolean toOthers) {

    private static final String LISTENS = "0A";
    private static final int ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    /** Whether this machine tells. */
    static boolean areTold() {
        return Files.isReadable(Path.of("/proc/self/net/tcp"));
    }

    static Set<OpenPort> of(long pid) throws IOException {
        var process = Path.of("/proc", Long.toString(pid));
        var sockets = sockets(process.resolve("fd"));
        var ports = new HashSet<OpenPort>();
        for (var table : List.of(process.resolve("net/tcp"), process.resolve("net/tcp6"))) {
            // without IPv6 there is none of it
            for (var line : Files.exists(table) ? Files.readAllLines(table) : List.<String>of()) {
                var fields = line.strip().split("\\s+");
                if (fields[STATE].equals(LISTENS) && sockets.contains("socket:[" + fields[INODE] + "]")) {
                    ports.add(of(fields[ADDRESS]));
                }
            }
        }
        return ports;
    }

    /** {@code 0100007F:1F90} is 127.0.0.1, port 8080; the same in IPv6 ends so, and its own name for it is ::1. */
    private static OpenPort of(String address) {
        var host = address.substring(0, address.indexOf(':'));
        var port = address.substring(host.length() + 1);
        return new OpenPort(
                Integer.parseInt(port, 16), !host.endsWith("0100007F") && !host.equals("0".repeat(24) + "01000000"));
    }

    private static Set<String> sockets(Path descriptors) throws IOException {
        var sockets = new HashSet<String>();
        try (var all = Files.newDirectoryStream(descriptors)) {
            for (var descriptor : all) {
                try {
                    sockets.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException e) {
                    // closed meanwhile
                }
            }
        }
        return sockets;
    }
}
