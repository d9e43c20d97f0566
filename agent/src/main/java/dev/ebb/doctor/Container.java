package dev.ebb.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the control group of a process says, version 1 or 2.
 *
 * @param pageCacheBytes files in the page cache that it is charged for; -1 if unknown
 * @param limitBytes its limit of memory; -1 for none
 * @param processors that it may use, rounded up; at least 1
 */
record Container(long pageCacheBytes, long limitBytes, int processors) {
    private static final long NO_LIMIT = 1L << 60;

    /** @param pid a number, or {@code self} */
    static Container of(String pid) {
        String groups = read(Path.of("/proc", pid, "cgroup"));
        Path memory = directory(groups, "memory");
        Path cpu = directory(groups, "cpu");
        String statistics = read(memory.resolve("memory.stat"));
        long cache = figure(statistics, "total_cache ", figure(statistics, "file ", -1));
        long limit = number(read(memory.resolve("memory.max")), number(read(memory.resolve("memory.limit_in_bytes")), -1));
        return new Container(cache, limit >= NO_LIMIT ? -1 : limit, processors(pid, cpu));
    }

    /** Seen from inside a container, its own group may be the root of what is mounted. */
    private static Path directory(String groups, String controller) {
        Path root = Path.of("/sys/fs/cgroup");
        for (String line : groups.split("\n")) {
            String[] columns = line.split(":", 3);
            if (columns.length == 3 && (columns[1].isEmpty() || java.util.List.of(columns[1].split(",")).contains(controller))) {
                Path base = columns[1].isEmpty() && Files.isDirectory(root.resolve("unified")) ? root.resolve("unified") : columns[1].isEmpty() ? root : root.resolve(controller);
                Path own = base.resolve(columns[2].substring(1));
                if (!columns[1].isEmpty() || Files.isReadable(own.resolve(controller + ".stat"))) {
                    return Files.isDirectory(own) ? own : base;
                }
            }
        }
        return root;
    }

    private static int processors(String pid, Path cpu) {
        int allowed = allowed(read(Path.of("/proc", pid, "status")));
        String[] max = read(cpu.resolve("cpu.max")).trim().split(" "); // "200000 100000", or "max 100000"
        long quota = max.length == 2 ? number(max[0], -1) : number(read(cpu.resolve("cpu.cfs_quota_us")), -1);
        long period = max.length == 2 ? number(max[1], -1) : number(read(cpu.resolve("cpu.cfs_period_us")), -1);
        return quota > 0 && period > 0 ? (int) Math.max(1, Math.min(allowed, (quota + period - 1) / period)) : allowed;
    }

    /** From {@code Cpus_allowed:	ff,ffffffff}. */
    private static int allowed(String status) {
        int at = status.indexOf("\nCpus_allowed:");
        int count = 0;
        for (int i = at < 0 ? status.length() : at + "\nCpus_allowed:".length(); i < status.length() && status.charAt(i) != '\n'; i++) {
            count += Integer.bitCount(Math.max(0, Character.digit(status.charAt(i), 16)));
        }
        return Math.max(1, count);
    }

    private static long figure(String text, String name, long otherwise) {
        for (String line : text.split("\n")) {
            if (line.startsWith(name)) {
                return number(line.substring(name.length()), otherwise);
            }
        }
        return otherwise;
    }

    private static long number(String text, long otherwise) {
        try {
            return Long.parseLong(text.trim());
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException | RuntimeException e) {
            return "";
        }
    }
}
