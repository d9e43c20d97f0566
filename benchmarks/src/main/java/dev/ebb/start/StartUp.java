package dev.ebb.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;

/**
 * What agents add to the wall time of a whole JVM, from its start to its end. All variants run in turn, round after round, so that whatever else the machine does meets all of them.
 * Run from its source by {@code benchmarks/start}.
 */
public final class StartUp {
    private static final long LIMIT_SECONDS = 120;

    /** One way to run the program; options are what stands before the class path. */
    private record Variant(String name, List<String> options, List<Double> millis, List<Double> cpuMillis, List<String> failures) { }

    private StartUp() { }

    /** @param arguments directory for what is made, rounds, JDK home, "hello" or a class path with the class {@code LuceneProgram}, then {@code name=options} for each variant */
    public static void main(String[] arguments) throws Exception {
        Path work = Files.createDirectories(Path.of(arguments[0]));
        int rounds = Integer.parseInt(arguments[1]);
        String java = arguments[2] + "/bin/java";
        boolean hello = arguments[3].equals("hello");
        String classPath = hello ? compiled(work, "Hello", "public class Hello { public static void main(String[] a) { System.out.println(\"hello\"); } }").toString() : arguments[3];
        String main = hello ? "Hello" : "LuceneProgram";
        List<Variant> variants = new ArrayList<>();
        variants.add(variant("no agent", ""));
        variants.add(variant("empty premain", "-javaagent:" + emptyAgent(work)));
        for (int i = 4; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            variants.add(variant(arguments[i].substring(0, equals), arguments[i].substring(equals + 1)));
        }
        for (int round = -1; round < rounds; round++) {
            for (Variant variant : variants) {
                double cpuBefore = childrenCpuMillis();
                double millis = run(java, variant, classPath, main, work.resolve("output"));
                // the first round warms the file cache
                if (round >= 0) {
                    variant.millis.add(millis);
                    variant.cpuMillis.add(childrenCpuMillis() - cpuBefore);
                }
            }
        }
        print(variants);
    }

    private static Variant variant(String name, String options) {
        return new Variant(name, options.isEmpty() ? List.of() : List.of(options.split(" ")), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    private static double run(String java, Variant variant, String classPath, String main, Path output) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(variant.options);
        command.addAll(List.of("-cp", classPath, main));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        long begun = System.nanoTime();
        Process process = builder.start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        double millis = (System.nanoTime() - begun) / 1e6;
        if (!ended) {
            process.destroyForcibly().waitFor();
            variant.failures.add("no end");
        } else if (process.exitValue() != 0) {
            variant.failures.add("exit " + process.exitValue());
        }
        return millis;
    }

    /** Processor time of all children that have ended, in steps of 10 ms (proc(5): cutime and cstime in ticks). */
    private static double childrenCpuMillis() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * 10.0;
    }

    private static void print(List<Variant> variants) {
        double floor = quantile(variants.get(1).millis, 0.5);
        System.out.println("| | ms, median | quartiles | over an empty premain | times no agent | processor ms, mean |");
        System.out.println("|---|--:|--:|--:|--:|--:|");
        for (Variant variant : variants) {
            double median = quantile(variant.millis, 0.5);
            System.out.printf(Locale.ROOT, "| %s | %.0f | %.0f to %.0f | %+.0f | %.2f | %.0f |%s%n", variant.name, median, quantile(variant.millis, 0.25), quantile(variant.millis, 0.75),
                median - floor, median / quantile(variants.get(0).millis, 0.5),
                variant.cpuMillis.stream().mapToDouble(Double::doubleValue).average().orElse(0), variant.failures.isEmpty() ? "" : " (" + variant.failures.size() + " times " + variant.failures.get(0) + ")");
        }
    }

    private static double quantile(List<Double> values, double at) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[(int) Math.round(at * (sorted.length - 1))];
    }

    /** @return the directory with the class */
    private static Path compiled(Path work, String name, String source) throws IOException {
        Path directory = Files.createDirectories(work.resolve(name));
        Path file = Files.writeString(directory.resolve(name + ".java"), source);
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, "--release", "17", "-d", directory.toString(), file.toString()) != 0) {
            throw new IOException("cannot compile " + file);
        }
        return directory;
    }

    /** The floor of any agent: one that does nothing. */
    private static Path emptyAgent(Path work) throws IOException {
        Path classes = compiled(work, "Empty", "public class Empty { public static void premain(String a, java.lang.instrument.Instrumentation i) { } }");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        for (String[] entry : new String[][] {{"Premain-Class", "Empty"}, {"Can-Retransform-Classes", "true"}, {"Can-Redefine-Classes", "true"}}) {
            manifest.getMainAttributes().putValue(entry[0], entry[1]);
        }
        Path jar = work.resolve("empty.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new ZipEntry("Empty.class"));
            Files.copy(classes.resolve("Empty.class"), out);
        }
        return jar;
    }
}
