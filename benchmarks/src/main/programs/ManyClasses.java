import com.sun.tools.attach.VirtualMachine;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * A JVM with 100,000 loaded classes: prints what loading them takes, and what attaching an agent to it takes when they are loaded. Compiled and run by benchmarks/scale.
 */
public final class ManyClasses {
    private static final int CLASSES = 100_000;
    /** Loaded after the agent was attached. */
    private static final int MORE = 5_000;
    private static final String TEMPLATE = "Template000000";

    private ManyClasses() { }

    /** Watched. */
    static void load() { }

    /** @param args {@code write} and the jar to write; with that jar on the class path {@code load}, or {@code attach}, which attaches the agent of the system property of that name */
    public static void main(String[] args) throws Exception {
        if (args[0].equals("write")) {
            write(Path.of(args[1]));
            return;
        }
        long begun = System.nanoTime();
        long cpu = cpuNanos();
        loadClasses(0, CLASSES);
        if (args[0].equals("load")) {
            System.out.printf("figure|start of the JVM until main, ms|%d%n", ManagementFactory.getRuntimeMXBean().getUptime() - (System.nanoTime() - begun) / 1_000_000);
            figure("100,000 classes loaded", begun, cpu);
        } else {
            begun = System.nanoTime();
            cpu = cpuNanos();
            VirtualMachine self = VirtualMachine.attach(Long.toString(ProcessHandle.current().pid()));
            self.loadAgent(System.getProperty("attach"));
            self.detach();
            figure("attached to 100,000 classes", begun, cpu);
            begun = System.nanoTime();
            cpu = cpuNanos();
            loadClasses(CLASSES, CLASSES + MORE);
            figure("5,000 classes loaded then", begun, cpu);
        }
        load();
        if (EbbLog.isExpected()) {
            EbbLog.await("load.completed", 1);
        }
    }

    private static void loadClasses(int from, int to) throws ClassNotFoundException {
        for (int i = from; i < to; i++) {
            Class.forName("many." + name(i));
        }
    }

    private static void figure(String what, long begun, long cpu) {
        System.out.printf("figure|%s, ms|%.0f%n", what, (System.nanoTime() - begun) / 1e6);
        System.out.printf("figure|%s, ms of the processor|%.0f%n", what, (cpuNanos() - cpu) / 1e6);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** As long as the template's: so the class file needs no other change. */
    private static String name(int number) {
        return String.format("Numbered%06d", number);
    }

    private static void write(Path jar) throws Exception {
        String template;
        try (var in = ManyClasses.class.getResourceAsStream("many/" + TEMPLATE + ".class")) {
            template = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file)) {
            for (int i = 0; i < CLASSES + MORE; i++) {
                out.putNextEntry(new JarEntry("many/" + name(i) + ".class"));
                out.write(template.replace(TEMPLATE, name(i)).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }
}
