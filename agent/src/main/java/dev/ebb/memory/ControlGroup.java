package dev.ebb.memory;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What pages of files the kernel counts: the memory controller of the control group that this process is in, version 1 or 2. Where it is to be found does not change while a process runs, so that is
 * found out once.
 */
final class ControlGroup {
    private static final String STATISTICS = "memory.stat";

    private final File statistics; // null where there is none to read

    ControlGroup() {
        this(new File("/proc/self/mountinfo"), new File("/proc/self/cgroup"));
    }

    /** @param mounts as man 5 proc describes mountinfo; @param groups as man 7 cgroups describes /proc/PID/cgroup */
    ControlGroup(File mounts, File groups) {
        File found = null;
        try {
            found = find(text(mounts), text(groups));
        } catch (IOException | RuntimeException e) {
            // no Linux, or no /proc: then nothing is known
        }
        statistics = found;
    }

    /** Bytes of file pages that count for the group, tmpfs and shared memory included; -1 if that cannot be told. 20 to 100 microseconds. */
    long fileBytes() {
        if (statistics == null) {
            return -1;
        }
        try {
            String text = text(statistics);
            long bytes = value(text, "file"); // version 2
            bytes = bytes >= 0 ? bytes : value(text, "total_cache"); // version 1, with the groups below
            return bytes >= 0 ? bytes : value(text, "cache");
        } catch (IOException | RuntimeException e) {
            return -1;
        }
    }

    /** Bytes that this process has fetched from storage or made dirty, by /proc/self/io (man 5 proc); -1 if that cannot be told. */
    static long movedBytes() {
        try {
            String text = text(new File("/proc/self/io"));
            long fetched = value(text, "read_bytes:");
            long dirtied = value(text, "write_bytes:");
            return fetched < 0 || dirtied < 0 ? -1 : fetched + dirtied - Math.max(0, value(text, "cancelled_write_bytes:"));
        } catch (IOException | RuntimeException e) {
            return -1;
        }
    }

    private static File find(String mounts, String groups) {
        String first = group(groups, "memory");
        File found = first == null ? null : statistics(mounts, "cgroup", first);
        String second = group(groups, "");
        return found != null || second == null ? found : statistics(mounts, "cgroup2", second);
    }

    /** From lines as {@code 4:cpu,memory:/path} and, of version 2, {@code 0::/path}. */
    private static String group(String groups, String controller) {
        for (String line : groups.split("\n")) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && (',' + parts[1] + ',').contains(',' + controller + ',') && (!controller.isEmpty() || parts[0].equals("0"))) {
                return parts[2];
            }
        }
        return null;
    }

    /** From lines as {@code 35 31 0:32 ROOT MOUNTPOINT rw,relatime - cgroup cgroup rw,memory}; in a container ROOT may be the group itself. */
    private static File statistics(String mounts, String type, String group) {
        for (String line : mounts.split("\n")) {
            int end = line.indexOf(" - ");
            String[] file = end < 0 ? new String[0] : line.substring(end + 3).split(" ");
            boolean wanted = file.length >= 3 && file[0].equals(type) && (type.equals("cgroup2") || (',' + file[2] + ',').contains(",memory,"));
            if (wanted) {
                String[] mount = line.substring(0, end).split(" ");
                File found = readable(mount[4], below(group, mount[3]));
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static String below(String group, String root) {
        return root.equals("/") ? group : group.equals(root) ? "" : group.startsWith(root + '/') ? group.substring(root.length()) : group;
    }

    private static File readable(String mountPoint, String group) {
        File exact = new File(mountPoint + group, STATISTICS);
        // in a container the path may be that of the host, and the mount point the group itself
        File top = new File(mountPoint, STATISTICS);
        return exact.canRead() ? exact : top.canRead() ? top : null;
    }

    /** From a line as {@code name 12345}. */
    private static long value(String text, String name) {
        int at = text.startsWith(name + ' ') ? 0 : text.indexOf('\n' + name + ' ') + 1;
        if (at == 0 && !text.startsWith(name + ' ')) {
            return -1;
        }
        int from = at + name.length() + 1;
        int to = text.indexOf('\n', from);
        return Long.parseLong(text.substring(from, to < 0 ? text.length() : to).trim());
    }

    private static String text(File file) throws IOException {
        try (FileInputStream in = new FileInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
