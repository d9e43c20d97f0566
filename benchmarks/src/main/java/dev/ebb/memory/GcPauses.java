package dev.ebb.memory;

import dev.ebb.load.Purged;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sun.misc.Unsafe;

/**
 * What the program feels of a purge through the JVM: how long it stops at safepoints, most of them for collections, during purges and in as long a time without one. Two threads of the program
 * make garbage and one uses malloc meanwhile. Arguments: GiB to free, rounds, the file that {@code -Xlog:safepoint:file=FILE:uptimenanos} writes. Prints one line, columns separated by |.
 */
public final class GcPauses {
    private static final Unsafe UNSAFE = unsafe();
    private static final int BLOCK = 65_536;
    private static final int KEPT_EACH = 64;
    /** {@code [1234567ns] Safepoint "G1CollectForAllocation", ... Total: 2000000 ns}; the stamp is its end. */
    private static final Pattern STOP = Pattern.compile("\\[(\\d+)ns].* Total: +(\\d+) ns");

    private static volatile boolean stopped;
    private static volatile Object garbage;

    private GcPauses() { }

    private record Span(long fromNanos, long toNanos) { }

    public static void main(String[] arguments) throws Exception {
        ProcessMemory memory = new ProcessMemory(null, (where, cause, remedy) -> System.err.println(where + " " + cause));
        List<Span> without = new ArrayList<>();
        List<Span> during = new ArrayList<>();
        long returned = 0;
        Purged purged = memory.purge(); // loads what it needs
        start(() -> garbage = new byte[4096]);
        start(() -> garbage = new byte[4096]);
        start(() -> UNSAFE.freeMemory(UNSAFE.allocateMemory(40_000)));
        for (int round = Integer.parseInt(arguments[1]); round > 0; round--) {
            long[] kept = fillAndFree(Integer.parseInt(arguments[0]) * (1L << 30) / BLOCK);
            long from = uptimeNanos();
            purged = memory.purge();
            long to = uptimeNanos();
            during.add(new Span(from, to));
            returned += purged.returnedBytes();
            Thread.sleep(100);
            long again = uptimeNanos();
            Thread.sleep((to - from) / 1_000_000 + 1);
            without.add(new Span(again, uptimeNanos()));
            for (long block : kept) {
                UNSAFE.freeMemory(block);
            }
        }
        stopped = true;
        Thread.sleep(200); // the log is written
        long nanos = during.stream().mapToLong(span -> span.toNanos - span.fromNanos).sum();
        System.out.printf("%s|%s|%.1f|%d|%s|%s%n", purged.allocator(), purged.way(), returned / (double) (1 << 30), nanos / 1_000_000, stops(arguments[2], without), stops(arguments[2], during));
        System.exit(0);
    }

    /** Of what was freed each {@link #KEPT_EACH}-th stays: its addresses. */
    private static long[] fillAndFree(long count) {
        long[] blocks = new long[(int) count];
        long[] kept = new long[(int) ((count + KEPT_EACH - 1) / KEPT_EACH)];
        for (int i = 0; i < count; i++) {
            blocks[i] = UNSAFE.allocateMemory(BLOCK);
            UNSAFE.setMemory(blocks[i], BLOCK, (byte) 1);
        }
        for (int i = 0; i < count; i++) {
            if (i % KEPT_EACH == 0) {
                kept[i / KEPT_EACH] = blocks[i];
            } else {
                UNSAFE.freeMemory(blocks[i]);
            }
        }
        return kept;
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(() -> {
            while (!stopped) {
                work.run();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Those that overlap one of the spans: count, 99th percentile and maximum in milliseconds. */
    private static String stops(String log, List<Span> spans) throws IOException {
        List<Long> stops = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(log))) {
            Matcher stop = STOP.matcher(line);
            if (stop.find()) {
                long end = Long.parseLong(stop.group(1));
                long nanos = Long.parseLong(stop.group(2));
                if (spans.stream().anyMatch(span -> end > span.fromNanos && end - nanos < span.toNanos)) {
                    stops.add(nanos);
                }
            }
        }
        Collections.sort(stops);
        return stops.isEmpty() ? "0 / - / -"
            : String.format("%d / %.1f / %.1f", stops.size(), stops.get((int) Math.ceil(stops.size() * 0.99) - 1) / 1e6, stops.get(stops.size() - 1) / 1e6);
    }

    /** On the clock of the JVM's log, to the millisecond. */
    private static long uptimeNanos() {
        return ManagementFactory.getRuntimeMXBean().getUptime() * 1_000_000;
    }

    private static Unsafe unsafe() {
        try {
            Field instance = Unsafe.class.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            return (Unsafe) instance.get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
