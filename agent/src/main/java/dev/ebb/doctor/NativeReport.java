package dev.ebb.doctor;

import java.util.ArrayList;
import java.util.List;

/**
 * What somebody inside the process tells of it: report.c of the native library has the format.
 *
 * @param stackPointers an address inside the stack of each thread that could be asked
 * @param variables where loaded libraries have variables with no file behind them
 * @param directBytes of all direct buffers, -1 if unknown
 */
record NativeReport(List<AllocatorReport> allocators, long[] stackPointers, List<Range> variables, long directBytes) {
    /** Addresses, the end not included. */
    record Range(long from, long to) { }

    static final NativeReport NONE = new NativeReport(List.of(), new long[0], List.of(), -1);

    /** @throws IllegalArgumentException if this is no whole report */
    static NativeReport parse(String text) {
        if (!text.startsWith("ebb-report 1\n") || !text.endsWith("end\n")) {
            throw new IllegalArgumentException("not a whole report of Ebb's native library");
        }
        List<AllocatorReport> allocators = new ArrayList<>();
        List<Long> pointers = new ArrayList<>();
        List<Range> variables = new ArrayList<>();
        long direct = -1;
        for (String line : text.split("\n")) {
            String[] columns = line.split("\t", -1);
            switch (columns[0]) {
                case "allocator" -> allocators.add(AllocatorReport.of(columns));
                case "thread" -> pointers.add(address(columns[2]));
                case "variables" -> variables.add(new Range(address(columns[1]), address(columns[2])));
                case "direct" -> direct = Long.parseLong(columns[1]);
                default -> { }
            }
        }
        return new NativeReport(List.copyOf(allocators), pointers.stream().mapToLong(Long::longValue).toArray(), List.copyOf(variables), direct);
    }

    private static long address(String hexadecimal) {
        return Long.parseUnsignedLong(hexadecimal.substring(2), 16);
    }
}
