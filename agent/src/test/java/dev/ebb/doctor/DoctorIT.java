package dev.ebb.doctor;

import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.Libraries;
import dev.ebb.testing.NativeCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassWriter;
import scenario.Patients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The doctor as a command: what it says, what it leaves behind, and how it refuses. */
class DoctorIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void explainsAndLeavesNothingBehind(Jdk jdk) throws IOException {
        try (ForkedJvm patient = patient(jdk).option("-XX:+EnableDynamicAgentLoading").start()) {
            patient.await("^before$", LIMIT);
            ForkedJvm doctor = doctor(jdk, "doctor", Long.toString(patient.pid()));
            assertEquals(0, doctor.waitFor(LIMIT), () -> doctor.failure("failed").getMessage());
            for (String line : List.of("^resident +\\d+\\.\\d MiB$", "^  heap ", "^  metaspace ", "^  code ", "^  stacks ", "^  libraries ", "^  allocatorLive ", "^allocator glibc 2\\.\\d+ in ")) {
                doctor.await(line, LIMIT);
            }
            assertTrue(doctor.stderr().lines().allMatch(line -> line.matches("ebb doctor: .*, \\d+ s")), doctor::stderr);
            assertFalse(Files.readString(Path.of("/proc/" + patient.pid() + "/maps")).contains("libebb"), "the library stays loaded");
            // of this one: other tests have their doctors meanwhile
            try (Stream<Path> left = Files.list(Path.of("/tmp"))) {
                assertEquals(List.of(), left.filter(file -> file.getFileName().toString().startsWith("ebb-doctor-" + patient.pid() + "-")).toList());
            }
            assertEquals("", patient.stderr());
            assertEquals("before\n", patient.stdout());
        }
    }

    /** Of every collector the heap is found: most of what a new JVM with a touched heap has. */
    @ParameterizedTest
    @ValueSource(strings = {"UseSerialGC", "UseParallelGC", "UseG1GC", "UseZGC", "UseShenandoahGC"})
    void knowsTheHeapOfEveryCollector(String collector) {
        for (Jdk jdk : Jdks.all()) {
            try (ForkedJvm patient = patient(jdk).option("-XX:+" + collector, "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch").start()) {
                patient.await("^before$", LIMIT);
                ForkedJvm doctor = doctor(jdk, "doctor", Long.toString(patient.pid()), "--json");
                assertEquals(0, doctor.waitFor(LIMIT), () -> doctor.failure("failed").getMessage());
                long heap = Long.parseLong(doctor.await("\"heapBytes\":(\\d+)", LIMIT).group(1));
                // ZGC of JDK 17 maps its heap three times, and the kernel counts each
                boolean thrice = collector.equals("UseZGC") && jdk.feature() < 21;
                assertEquals(thrice ? 3 << 28 : 1 << 28, heap, 1 << 23, () -> doctor.failure(collector + " " + jdk).getMessage());
            }
        }
    }

    @Test
    void doesWithoutLoadingAnything() {
        try (ForkedJvm patient = patient(Jdks.running()).start()) {
            patient.await("^before$", LIMIT);
            ForkedJvm doctor = doctor(Jdks.running(), "doctor", Long.toString(patient.pid()), "--no-agent");
            assertEquals(0, doctor.waitFor(LIMIT), () -> doctor.failure("failed").getMessage());
            doctor.await("^  heap ", LIMIT);
            doctor.await("^  unexplained ", LIMIT);
            doctor.await("^note: allocators were not asked, and stacks not told from other memory", LIMIT);
        }
    }

    @Test
    void namesTheWrongAllocatorThatIsTrimmed() {
        Optional<Path> jemalloc = Libraries.installed("libjemalloc.so.2");
        assumeTrue(jemalloc.isPresent(), "libjemalloc.so.2 is not installed");
        try (ForkedJvm patient = patient(Jdks.running()).env("LD_PRELOAD", jemalloc.get().toString()).env("MALLOC_CONF", "narenas:64").option("-XX:TrimNativeHeapInterval=60000").start()) {
            patient.await("^before$", LIMIT);
            ForkedJvm doctor = doctor(Jdks.running(), "doctor", Long.toString(patient.pid()));
            assertEquals(0, doctor.waitFor(LIMIT), () -> doctor.failure("failed").getMessage());
            doctor.await("^wrong-allocator-trimmed: ", LIMIT);
            doctor.await("^narenas: jemalloc \\S+ has room for 64 arenas", LIMIT);
            doctor.await("^background-thread: ", LIMIT);
        }
    }

    /** The JDK's attach API has no limit for a JVM that somebody has attached to before. */
    @Test
    void saysThatItWaitsForAJvmThatIsStopped() throws Exception {
        try (ForkedJvm patient = patient(Jdks.running()).start()) {
            patient.await("^before$", LIMIT);
            String pid = Long.toString(patient.pid());
            assertEquals(0, doctor(Jdks.running(), "doctor", pid, "--no-agent").waitFor(LIMIT));
            signal("STOP", pid);
            ForkedJvm doctor = doctor(Jdks.running(), "doctor", pid, "--no-agent");
            doctor.await("^ebb doctor: waiting for the JVM to answer, 2 s$", LIMIT);
            signal("CONT", pid);
            assertEquals(0, doctor.waitFor(LIMIT), () -> doctor.failure("failed").getMessage());
        }
    }

    private static void signal(String name, String pid) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).start().waitFor());
    }

    @Test
    void saysWhatIsWrongAsJsonToo() {
        ForkedJvm doctor = doctor(Jdks.running(), "doctor", "999999999", "--json");
        assertEquals(1, doctor.waitFor(LIMIT));
        assertTrue(doctor.stdout().startsWith("{\"error\":\"there is no process 999999999"), doctor::stdout);
    }

    @Test
    void saysWhatIsWrong() {
        assertRefused(2, "which process? usage: java -jar ebb-agent.jar doctor PID", "doctor");
        assertRefused(2, "'all' is no number of a process; usage: ", "doctor", "all");
        assertRefused(2, "'2' is one too many; usage: ", "doctor", "1", "2");
        assertRefused(1, "there is no process 999999999", "doctor", "999999999");
    }

    /** To attach means to send SIGQUIT first, which would end both. */
    @Test
    void harmsNobodyWhoCannotBeAttachedTo() throws IOException {
        Process stranger = new ProcessBuilder("sleep", "120").start();
        try (ForkedJvm patient = patient(Jdks.running()).option("-Xrs").start()) {
            patient.await("^before$", LIMIT);
            assertRefused(1, "is no JVM", "doctor", Long.toString(stranger.pid()));
            assertTrue(stranger.isAlive());
            assertRefused(1, "it was started with -Xrs", "doctor", Long.toString(patient.pid()));
            patient.send("");
            patient.await("^after ", LIMIT);
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void saysThatTheJvmRefuses() {
        try (ForkedJvm patient = patient(Jdks.running()).option("-XX:+DisableAttachMechanism").start()) {
            patient.await("^before$", LIMIT);
            assertRefused(1, "-XX:+DisableAttachMechanism", "doctor", Long.toString(patient.pid()));
        }
    }

    @Test
    void saysThatTheProcessIsSomebodyElses() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")) && Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs root and setpriv to become somebody else");
        Path copy = directory.resolve("ebb-agent.jar");
        Files.copy(AgentJvm.jar(), copy);
        directory.toFile().setExecutable(true, false);
        directory.toFile().setReadable(true, false);
        try (ForkedJvm patient = patient(Jdks.running()).start()) {
            patient.await("^before$", LIMIT);
            Process doctor = new ProcessBuilder("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", Jdks.running().java().toString(), "-jar", copy.toString(),
                "doctor", Long.toString(patient.pid())).redirectErrorStream(true).start();
            String said = new String(doctor.getInputStream().readAllBytes());
            assertTrue(said.contains("the process is another user's; run this as that user, or as root"), said);
        }
    }

    private static void assertRefused(int code, String message, String... arguments) {
        ForkedJvm doctor = doctor(Jdks.running(), arguments);
        assertEquals(code, doctor.waitFor(LIMIT), () -> doctor.failure("wrong exit code").getMessage());
        assertTrue(doctor.stderr().contains(message), () -> doctor.failure("without " + message).getMessage());
        assertEquals("", doctor.stdout());
    }

    private static ForkedJvm doctor(Jdk jdk, String... arguments) {
        return ForkedJvm.java(jdk).jar(AgentJvm.jar()).args(arguments).start();
    }

    private ForkedJvm.Command patient(Jdk jdk) {
        ForkedJvm.Command command = ForkedJvm.java(jdk).classpath(AgentJvm.home(Patients.class), AgentJvm.home(ClassWriter.class)).main(Patients.class)
            .args("live", directory.toString()).option("-D" + NativeCalls.PROPERTY + "=" + NativeCalls.library());
        return jdk.feature() >= 24 ? command.option("--enable-native-access=ALL-UNNAMED") : command;
    }
}
