package dev.ebb.memory;

import dev.ebb.load.Memory;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** One reading of /proc/self/status, about 40 us, or of a file of the same form. Immutable. */
final class ProcessStatus {
    private final String text;

    private ProcessStatus(String text) {
        this.text = text;
    }

    /** Where there is no such file, all its sizes are 0. */
    static ProcessStatus read() {
        return read("/proc/self/status");
    }

    /**
     * Bytes of anonymous memory that are backed by huge pages; -1 if the kernel does not tell. It walks all mappings of the process: 17 ms a GiB of RSS, in which
     * no thread can map anything.
     */
    static long hugePageBytes() {
        ProcessStatus rollup = read("/proc/self/smaps_rollup");
        return rollup.text.isEmpty() ? -1 : rollup.bytes("AnonHugePages");
    }

    private static ProcessStatus read(String path) {
        try (FileInputStream file = new FileInputStream(path)) {
            return new ProcessStatus(new String(file.readAllBytes(), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return new ProcessStatus("");
        }
    }

    /** The parts are there since kernel 4.5. */
    Memory.Resident resident() {
        return new Memory.Resident(bytes("VmRSS"), bytes("RssAnon"), bytes("RssFile"), bytes("RssShmem"));
    }

    long virtualBytes() {
        return bytes("VmSize");
    }

    /** From a line as {@code VmRSS:     12345 kB}. */
    private long bytes(String name) {
        int at = text.indexOf("\n" + name + ":");
        if (at < 0) {
            return 0;
        }
        long kibibytes = 0;
        for (int i = at + name.length() + 2; i < text.length() && text.charAt(i) != '\n'; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                kibibytes = kibibytes * 10 + c - '0';
            }
        }
        return kibibytes * 1024;
    }
}
