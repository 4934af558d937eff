package io.dovetail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel says of processes ({@code proc(5)}); zeros where it says nothing. */
final class Machine {

    private static final double TICKS_A_SECOND = 100; // USER_HZ, the same on every Linux that Java runs on

    private Machine() {}

    /** Processor seconds so far. */
    static double cpuSeconds(long pid) {
        var times = stat(pid);
        return (times[0] + times[1]) / TICKS_A_SECOND;
    }

    /** Processor seconds of a PostgreSQL with all its backends, those that ended too. */
    static double postgresCpuSeconds(Path cluster) {
        var seconds = 0.0;
        for (var pid : postgres(cluster)) {
            var times = stat(pid);
            seconds += (times[0] + times[1] + times[2] + times[3]) / TICKS_A_SECOND;
        }
        return seconds;
    }

    /** The most memory it ever had resident. */
    static long peakResidentMiB(long pid) {
        return field(Path.of("/proc", Long.toString(pid), "status"), "VmHWM:") / 1024;
    }

    /** The memory it has resident now. */
    static long residentMiB(long pid) {
        return field(Path.of("/proc", Long.toString(pid), "status"), "VmRSS:") / 1024;
    }

    /** What its processes have resident now, memory that they share counted once. */
    static long postgresResidentMiB(Path cluster) {
        return postgres(cluster).stream()
                        .mapToLong(pid -> field(Path.of("/proc", Long.toString(pid), "smaps_rollup"), "Pss:"))
                        .sum()
                / 1024;
    }

    private static List<Long> postgres(Path cluster) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> {
                    try {
                        return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd"))
                                .equals(cluster.toRealPath());
                    } catch (IOException e) {
                        return false;
                    }
                })
                .toList();
    }

    /** utime, stime, cutime, cstime. */
    private static long[] stat(long pid) {
        try {
            var text = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // the second field is the program's name, which may hold spaces
            var fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return new long[] {
                Long.parseLong(fields[11]),
                Long.parseLong(fields[12]),
                Long.parseLong(fields[13]),
                Long.parseLong(fields[14])
            };
        } catch (IOException e) {
            return new long[4];
        }
    }

    private static long field(Path file, String name) {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0L);
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    /** Seconds that all processors together have worked, and waited for a disk, since the machine started. */
    record Processors(double busy, double disk) {}

    static Processors processors() {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            var fields = lines.findFirst().orElse("").split(" +");
            var seconds = new double[8];
            for (var i = 0; i < seconds.length; i++) {
                seconds[i] = Long.parseLong(fields[i + 1]) / TICKS_A_SECOND;
            }
            // user, nice, system, idle, iowait, irq, softirq
            return new Processors(seconds[0] + seconds[1] + seconds[2] + seconds[5] + seconds[6], seconds[4]);
        } catch (IOException | RuntimeException e) {
            return new Processors(0, 0);
        }
    }
}
