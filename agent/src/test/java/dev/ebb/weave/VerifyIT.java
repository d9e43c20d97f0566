package dev.ebb.weave;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.MavenJars;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.util.CheckClassAdapter;
import scenario.Forms;
import scenario.Unusual;
import scenario.WovenJdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/** What comes out of weaving is code that the JVM verifies, whoever wrote the class file: a class that it refuses is one that the program misses. */
class VerifyIT {
    private static final String[] VERIFIED = {"-XX:+UnlockDiagnosticVMOptions", "-XX:+BytecodeVerificationLocal", "-XX:+BytecodeVerificationRemote"};
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String[] FORMS = {"forms.Forms8#load*", "forms.Forms8$Derived#new", "forms.Forms8$Base#load", "forms.Forms8$Base#new", "forms.Forms8$Loads#loadByDefault", "forms.Forms8$Mode#load",
        "forms.Forms8$Derived#close", "forms.Forms8$Derived#load", "forms.Forms8#run", "forms.Forms17#load*", "forms.Forms17#run", "forms.Forms17$Local#new", "forms.Forms17$Local#load",
        "forms.Forms25#load*", "forms.Forms25#run", "forms.Forms25$Early#new", "forms.Forms25$Above#new"};

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    /** Each class of the JDK that Ebb weaves, as the packaged agent has woven it, and with all of the JDK verified besides. */
    @ParameterizedTest
    @MethodSource("jdks")
    void theClassesOfTheJdk(Jdk jdk) throws IOException {
        Set<String> names = new TreeSet<>();
        // what is optional may match nothing in a JDK: sun.nio.ch.Util since 24
        new HookTable(jdk.feature()).rows().stream().filter(row -> row.required() || jdk.feature() < 24).forEach(row -> names.add(row.owner().replace('/', '.')));
        ForkedJvm.Command command = AgentJvm.command(jdk, WovenJdk.class, "nothing.Here#load").option(VERIFIED).option("-javaagent:" + agent(WovenJdk.class))
            .alsoOnClasspath(AgentJvm.home(ClassNode.class), AgentJvm.home(Analyzer.class), AgentJvm.home(CheckClassAdapter.class));
        try (ForkedJvm jvm = command.args(names.toArray(new String[0])).start()) {
            String figures = jvm.await("woven (\\d+) of \\1, not in this JDK (\\d+)", LIMIT).group();
            assertEquals(0, jvm.waitFor(LIMIT));
            assertEquals(figures + "\n", jvm.stdout(), () -> jvm.failure("flawed").getMessage());
            assertTrue(Integer.parseInt(figures.replaceAll("woven (\\d+) .*", "$1")) > 40, figures);
        }
    }

    /** What javac makes of the same sources for each release, with and without what debuggers want to know, does what it does without Ebb. */
    @ParameterizedTest
    @MethodSource("jdks")
    void whatJavacWritesForEachRelease(Jdk jdk) throws Exception {
        List<String> compiled = new ArrayList<>();
        for (int release : Boolean.getBoolean("ebb.test.everywhere") ? IntStream.rangeClosed(8, jdk.feature()).toArray() : new int[] {8, jdk.feature()}) {
            compiled.add(compile(jdk, release, "-g"));
            compiled.add(compile(jdk, release, "-g:none"));
        }
        String[] directories = compiled.toArray(new String[0]);
        String plain;
        try (ForkedJvm jvm = AgentJvm.unwoven(jdk, Forms.class).args(directories).start()) {
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("without Ebb").getMessage());
            plain = jvm.stdout();
        }
        assertEquals(directories.length, plain.lines().filter(line -> line.matches("r\\d+-g(-none)? \\d+ \\[1003, Aa2000c.*")).count(), plain);
        assertTrue(plain.lines().allMatch(line -> line.matches("r\\d+-g(-none)? \\d+ \\[.*(no name|no path|too little)]")), plain);
        try (ForkedJvm jvm = AgentJvm.command(jdk, Forms.class, Stream.of(FORMS).filter(load -> jdk.feature() >= 25 || !load.contains("25")).toArray(String[]::new)).option(VERIFIED).args(directories).start()) {
            EbbLog log = new EbbLog(jvm);
            log.assertEndedWell(plain.lines().toArray(String[]::new));
            // all else is inside these
            List<JsonObject> loads = log.events("load.completed");
            List<String> bytes = loads.stream().map(load -> String.valueOf(load.getLong("directBytes"))).toList();
            assertEquals(plain.lines().map(line -> line.split(" ")[1]).sorted().toList(), bytes.stream().sorted().toList());
        }
    }

    /** Near the limits of a class file: what cannot be woven is left as it was, and said once; the rest of its class is woven. */
    @ParameterizedTest
    @MethodSource("jdks")
    void whatNoCompilerOfJavaWrites(Jdk jdk) {
        List<String> loads = new ArrayList<>(List.of("scenario.Far#load as far", "scenario.Deep#load as deep", "scenario.Both#new as both", "scenario.Reuses#new", "scenario.Full0#small as small"));
        IntStream.rangeClosed(0, 60).forEach(room -> loads.add("scenario.Full" + room + "#load as {0}"));
        try (ForkedJvm jvm = AgentJvm.command(jdk, Unusual.class, loads.toArray(new String[0])).option(VERIFIED).option("-Debb.track=scenario.Reuses").start()) {
            EbbLog log = new EbbLog(jvm);
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("did not run").getMessage());
            String numbers = String.join(" ", IntStream.rangeClosed(0, 60).mapToObj(String::valueOf).toList());
            assertEquals(numbers + "\nsmall 0\nfar 1 -1\ndeep 40001\nmany 50001 -50002 none fits\nreuses 60001\n", jvm.stdout(), () -> jvm.failure("wrong output").getMessage());

            Set<String> left = new TreeSet<>();
            for (JsonObject trouble : log.events("trouble")) {
                String text = trouble.getString("where") + ": " + trouble.getString("what");
                assertTrue(left.add(text), () -> jvm.failure("said twice: " + text).getMessage());
            }
            List<Long> woven = new ArrayList<>();
            for (int room = 0; room <= 60; room++) {
                int number = room;
                boolean unwoven = left.remove("weave scenario.Full" + room + "#load(I)I: UnsupportedOperationException: it would be larger than a method may be");
                assertEquals(unwoven ? 0 : 1, log.about(String.valueOf(room), "load.completed").size(), () -> jvm.failure("Full" + number).getMessage());
                if (!unwoven) {
                    assertEquals(30_000 + room, log.only("load.completed", String.valueOf(room)).getLong("directBytes"));
                    woven.add((long) room);
                }
            }
            // what is woven in takes that much, and no more is refused than has to be
            assertTrue(woven.size() > 10 && woven.size() < 60 && woven.get(0) == 61 - woven.size(), woven::toString);
            assertEquals(List.of("weave scenario.Deep#load(I)I: UnsupportedOperationException: it would be larger than a method may be",
                "weave scenario.Reuses#<init>(I)V: UnsupportedOperationException: its code uses the variable of \"this\" for something else"), List.copyOf(left));
            assertEquals(2, log.about("both", "load.completed").size(), () -> jvm.failure("both").getMessage());
            assertEquals("threw java.lang.IllegalArgumentException: none fits", log.only("load.failed", "both").getString("cause"));
            assertEquals(20_000, log.only("load.completed", "small").getLong("directBytes"));
            assertEquals(List.of(35_001L, 35_000L), log.about("far", "load.completed").stream().map(load -> load.getLong("directBytes")).toList());
        }
    }

    /** Each method, constructor and close of jars that others compiled from Java, Kotlin, Scala and Groovy; every sixteenth class, all with {@code -Debb.test.everywhere=true}. */
    @ParameterizedTest
    @MethodSource("jdks")
    void whatOtherCompilersWrite(Jdk jdk) {
        List<String> arguments = new ArrayList<>(List.of(Boolean.getBoolean("ebb.test.everywhere") ? "1" : "16"));
        for (Optional<Path> jar : List.of(MavenJars.jar("org.jetbrains.kotlin", "kotlin-stdlib", "2.0.21", ""), MavenJars.jar("org.scala-lang", "scala-library", "2.13.15", ""),
                MavenJars.jar("org.apache.groovy", "groovy", "4.0.24", ""), MavenJars.jar("org.codehaus.groovy.modules.http-builder", "http-builder", "0.7.1", ""))) {
            jar.ifPresent(path -> arguments.add(path.toString()));
        }
        assumeFalse(arguments.size() == 1, "none of the jars was fetched");
        ForkedJvm.Command command = ForkedJvm.java(jdk).option("-Xmx700m", "-XX:TieredStopAtLevel=1").main(WeaveJars.class);
        try (ForkedJvm jvm = command.args(arguments.toArray(new String[0])).start()) {
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("did not end well").getMessage());
            String last = jvm.stdout().lines().reduce((a, b) -> b).orElse("");
            assertTrue(last.matches("classes [1-9]\\d\\d.* failed 0"), () -> jvm.failure("flawed").getMessage());
        }
    }

    private String compile(Jdk jdk, int release, String debug) throws IOException, InterruptedException {
        Path sources = Path.of(VerifyIT.class.getResource("/forms/forms/Forms8.java").getPath()).getParent();
        Path classes = directory.resolve("r" + release + debug.replace(':', '-'));
        List<String> command = new ArrayList<>(List.of(jdk.home().resolve("bin/javac").toString(), "-J-XX:TieredStopAtLevel=1", "--release", String.valueOf(release), debug, "-Xlint:-options", "-nowarn", "-d",
            classes.toString(), sources.resolve("Forms8.java").toString()));
        if (release >= 17) {
            command.add(sources.resolve("Forms17.java").toString());
        }
        if (release >= 25) {
            command.add(sources.resolve("Forms25.java").toString());
        }
        Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(javac.getInputStream().readAllBytes());
        assertEquals(0, javac.waitFor(), output);
        return classes.toString();
    }

    /** A jar with a manifest alone; the class itself is on the class path. */
    private Path agent(Class<?> type) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", type.getName());
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        Path jar = directory.resolve("behind.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }
}
