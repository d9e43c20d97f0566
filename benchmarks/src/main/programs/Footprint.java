import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sun.misc.Unsafe;

/**
 * A program that does nothing, then loads nothing, then holds 100,000 resources of one load; prints its resident size, used heap and threads each time. Run by benchmarks/footprint with a heap that is
 * touched before, so that RSS moves by what is besides the heap.
 */
public final class Footprint {
    private static final int RESOURCES = 100_000;
    private static final int BYTES = 32;
    private static final long IDLE_MILLIS = 3_000;

    private static int loads;

    private Footprint() { }

    /** Watched. */
    static void load(int resources, IntConsumer taker) {
        for (int i = 0; i < resources; i++) {
            taker.accept(i);
        }
    }

    public static void main(String[] args) throws Exception {
        Thread.sleep(IDLE_MILLIS);
        print("after start");
        System.out.println("figure|threads of the JVM, Java's|" + Thread.getAllStackTraces().size());
        System.out.println("figure|of these ebb-*|" + Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("ebb-")).count());
        nativeMemory();
        load(0, i -> { });
        loaded("directBytes", 0);
        Thread.sleep(IDLE_MILLIS);
        print("after a first load");
        ByteBuffer[] buffers = new ByteBuffer[RESOURCES];
        held("direct buffers", i -> buffers[i] = ByteBuffer.allocateDirect(BYTES));
        loaded("directBytes", RESOURCES * BYTES);
        long[] blocks = new long[RESOURCES];
        Field field = Unsafe.class.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        Unsafe unsafe = (Unsafe) field.get(null);
        held("Unsafe blocks", i -> blocks[i] = unsafe.allocateMemory(BYTES));
        loaded("nativeBytes", RESOURCES * BYTES);
    }

    /** What 100,000 of them take, the program's own objects included: these are the same without Ebb. */
    private static void held(String what, IntConsumer taker) throws IOException {
        long heap = heapBytes();
        long resident = kib("VmRSS");
        load(RESOURCES, taker);
        System.out.printf("figure|heap of 100,000 %s, KiB|%d%n", what, heapBytes() - heap >> 10);
        System.out.printf("figure|RSS besides the heap of 100,000 %s, KiB|%d%n", what, kib("VmRSS") - resident);
    }

    private static void loaded(String field, long bytes) throws IOException, InterruptedException {
        loads++;
        if (EbbLog.isExpected()) {
            String line = EbbLog.await("load.completed", loads).get(loads - 1);
            EbbLog.check(EbbLog.number(line, field) == bytes && !line.contains("unrecorded\""), field + " of " + bytes + " in " + line);
        }
    }

    private static void print(String when) throws IOException {
        System.out.printf("figure|RSS %s, KiB|%d%n", when, kib("VmRSS"));
        System.out.printf("figure|pages of files in RSS %s, KiB|%d%n", when, kib("RssFile"));
        System.out.printf("figure|heap in use %s, KiB|%d%n", when, heapBytes() >> 10);
    }

    /** By the JVM's own account, asked from outside: asking from inside would bring in JMX. */
    private static void nativeMemory() throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(ProcessHandle.current().pid()), "VM.native_memory").start();
        String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        for (String part : List.of("Class", "Metaspace", "Code", "Thread", "Compiler", "Internal", "Symbol", "Other")) {
            Matcher line = Pattern.compile("- +" + part + " \\(reserved=\\d+KB, committed=(\\d+)KB").matcher(text);
            System.out.println("figure|NMT after start: " + part + ", KiB|" + (line.find() ? line.group(1) : "0"));
        }
    }

    private static long heapBytes() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long kib(String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(field + ":")) {
                return Long.parseLong(line.replaceAll("\\D+", ""));
            }
        }
        throw new IOException("no " + field);
    }
}
