package dev.ebb.memory;

import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The JVM's tool interface, reached late and without {@code -agentpath}: what it does, what it refuses, and a program without the library. */
class JvmToolsIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void stopsThreadsThatInterruptsDoNotReachAndNamesWhatItCannotStop(Jdk jdk) {
        List<String> expected = new ArrayList<>(List.of("busy=", "busy stopped", "deaf=", "deaf stopped", "ended=THREAD_NOT_ALIVE (JVMTI error 15)"));
        if (jdk.feature() >= 21) {
            expected.add("virtual=THREAD_NOT_SUSPENDED (JVMTI error 13)");
        }
        expected.addAll(List.of("by gc=false", "collect=", "by tools=true", "end"));
        assertEquals(expected.stream().sorted().toList(), run(command(jdk)).stream().sorted().toList());
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void withoutTheLibraryEveryAnswerSaysSo(Jdk jdk) {
        List<String> lines = run(command(jdk).option("-Dscenario.native.path=" + Path.of("missing.so").toAbsolutePath()));
        assertEquals(1, lines.stream().filter(line -> line.startsWith("trouble=memory.native ")).count(), lines::toString);
        for (String what : List.of("busy", "deaf", "ended", "collect")) {
            assertTrue(lines.stream().anyMatch(line -> line.startsWith(what + "=Ebb's native library was looked for at ")), lines::toString);
        }
        assertTrue(lines.contains("by tools=false"), lines::toString);
    }

    private static ForkedJvm.Command command(Jdk jdk) {
        return ForkedJvm.java(jdk).option("-Xmx64m", "-XX:+DisableExplicitGC", "-Xcheck:jni").main(JvmToolsScenario.class);
    }

    private static List<String> run(ForkedJvm.Command command) {
        try (ForkedJvm jvm = command.start()) {
            assertEquals(0, jvm.waitFor(LIMIT), () -> jvm.failure("ended badly").getMessage());
            return jvm.stdout().lines().toList();
        }
    }
}
