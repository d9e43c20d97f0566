package dev.ebb.start;

import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks.Jdk;
import org.slf4j.Logger;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The program of these tests, whose steps are its arguments (src/test/resources/patient). Ebb never weaves what is in {@code dev.ebb}, and a CDS archive takes
 * classes from jars alone, so it is compiled into a jar of its own, once in a run of the tests. Safe for any thread.
 */
public final class Patient {
    /** The methods to be watched: {@code load}, which the step "load" completes, and {@code loadTooLong}. */
    public static final String LOADS = "patient.Loader#load*";

    private static final Path DIRECTORY = AgentJvm.jar().toAbsolutePath().resolveSibling("test-patient");
    private static final Path JAR = build();

    private Patient() { }

    /** The program without an agent, its main class {@code patient.Program}. */
    public static ForkedJvm.Command unwoven(Jdk jdk, String... steps) {
        return ForkedJvm.java(jdk).classpath(JAR).main("patient.Program").args(steps).option("-Xmx100m", "-XX:TieredStopAtLevel=1");
    }

    /** The program with Ebb, which logs JSON to stderr, watches {@link #LOADS} and leaves allocators alone. */
    public static ForkedJvm.Command command(Jdk jdk, String... steps) {
        return unwoven(jdk, steps).option("-javaagent:" + AgentJvm.jar(), "-Debb.loads=" + LOADS, "-Debb.log.format=json", "-Debb.purge=off");
    }

    static Path jar() {
        return JAR;
    }

    static Path slf4j() {
        return AgentJvm.home(Logger.class);
    }

    /** A jar with one of the patient's classes as an agent. */
    static Path agent(String className, Path directory) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", className);
        String entry = className.replace('.', '/') + ".class";
        Path jar = directory.resolve(className + "-agent.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new JarEntry(entry));
            Files.copy(DIRECTORY.resolve(entry), out);
        }
        return jar;
    }

    /** Names of the classes in the output of {@code -Xlog:class+load:file=…} whose line contains {@code part}. */
    static Set<String> loadedClasses(Path log, String part) throws IOException {
        Set<String> names = new TreeSet<>();
        for (String line : Files.readAllLines(log)) {
            int source = line.indexOf(" source:");
            if (source > 0 && line.contains(part)) {
                String name = line.substring(0, source);
                names.add(name.substring(name.lastIndexOf(' ') + 1));
            }
        }
        return names;
    }

    private static Path build() {
        try {
            Files.createDirectories(DIRECTORY);
            Path jar = DIRECTORY.resolve("patient.jar");
            List<Path> sources = files(Path.of(Patient.class.getResource("/patient/Program.java").getPath()).getParent(), "*.java");
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
                List<String> options = List.of("--release", "17", "-Werror", "-Xlint:all,-options", "-proc:none", "-cp", slf4j().toString(), "-d", DIRECTORY.toString());
                assertTrue(compiler.getTask(null, manager, null, options, null, manager.getJavaFileObjectsFromPaths(sources)).call(), "the patient does not compile");
            }
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
                for (Path type : files(DIRECTORY.resolve("patient"), "*.class")) {
                    out.putNextEntry(new JarEntry("patient/" + type.getFileName()));
                    Files.copy(type, out);
                }
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path directory, String glob) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
            stream.forEach(files::add);
        }
        return files;
    }
}
