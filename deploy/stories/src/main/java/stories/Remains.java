package stories;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What this process holds, as the kernel and the JDK tell it, and not Ebb.
 *
 * @param residentBytes of the whole process @param directBytes in direct buffers of the JDK @param mappedBytes of the address space that files of the segment's directory are mapped into
 * @param descriptors that are open on files of that directory @param locks that the kernel keeps for a descriptor of this process @param files in that directory
 */
record Remains(long residentBytes, long directBytes, long mappedBytes, long descriptors, long locks, long files) {
    private static final long PAGE_BYTES = 4096;
    /** What a JVM gains by itself: code that it compiles, classes that it loads to throw and to report. */
    private static final long NOISE_BYTES = 32L << 20;

    static Remains now(Path directory) throws IOException {
        long resident = Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * PAGE_BYTES;
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream().filter(pool -> pool.getName().equals("direct")).mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
        try (Stream<Path> files = Files.list(directory); Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            long mapped = maps.filter(line -> line.contains(directory + "/")).mapToLong(Remains::mappedBytes).sum();
            return new Remains(resident, direct, mapped, openDescriptors(directory), heldLocks(), files.count());
        }
    }

    /** More than there was before. */
    Remains since(Remains before) {
        return new Remains(residentBytes - before.residentBytes, directBytes - before.directBytes, mappedBytes - before.mappedBytes, descriptors - before.descriptors, locks - before.locks,
            files - before.files);
    }

    boolean isNothing() {
        return residentBytes < NOISE_BYTES && directBytes <= 0 && mappedBytes <= 0 && descriptors <= 0 && locks <= 0 && files <= 0;
    }

    boolean isMemory() {
        return residentBytes >= NOISE_BYTES;
    }

    void write(String name, Properties to) {
        to.setProperty(name, residentBytes + " " + directBytes + " " + mappedBytes + " " + descriptors + " " + locks + " " + files);
    }

    static Remains read(String name, Properties from) {
        long[] figures = Arrays.stream(from.getProperty(name).split(" ")).mapToLong(Long::parseLong).toArray();
        return new Remains(figures[0], figures[1], figures[2], figures[3], figures[4], figures[5]);
    }

    /** Of a line such as {@code 7f0a2c000000-7f0a34000000 r--s 00000000 fe:00 4711 /segment/file}. */
    private static long mappedBytes(String line) {
        String[] ends = line.substring(0, line.indexOf(' ')).split("-");
        return Long.parseUnsignedLong(ends[1], 16) - Long.parseUnsignedLong(ends[0], 16);
    }

    private static long openDescriptors(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(descriptor -> target(descriptor).startsWith(directory + "/")).count();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile, as the one by which the directory is read
        }
    }

    private static long heldLocks() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fdinfo"))) {
            return all.mapToLong(Remains::locksOf).sum();
        }
    }

    private static long locksOf(Path descriptor) {
        try (Stream<String> lines = Files.lines(descriptor)) {
            return lines.filter(line -> line.startsWith("lock:")).count();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0; // closed meanwhile
        }
    }
}
