package segstore.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Linux says about this process in {@code /proc/self/status} (proc_pid_status(5)), in bytes.
 *
 * @param rss resident memory
 * @param anonymous the part of it that is the heap, malloc and direct buffers
 * @param file the part of it that is mapped files, code included
 */
record ProcessMemory(long rss, long anonymous, long file) {
    private static final Path STATUS = Path.of("/proc/self/status");

    static ProcessMemory now() throws IOException {
        String status = Files.readString(STATUS, StandardCharsets.ISO_8859_1);
        return new ProcessMemory(kib(status, "VmRSS:"), kib(status, "RssAnon:"), kib(status, "RssFile:"));
    }

    private static long kib(String status, String field) {
        int start = status.indexOf("\n" + field) + 1 + field.length();
        String line = status.substring(start, status.indexOf('\n', start)).trim();
        return Long.parseLong(line.split(" ")[0]) << 10;
    }
}
