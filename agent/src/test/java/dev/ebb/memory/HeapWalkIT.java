package dev.ebb.memory;

import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who holds an object, as the JVM itself knows it, with every collector. */
@Execution(ExecutionMode.CONCURRENT)
class HeapWalkIT {
    static List<Arguments> collectors() {
        List<Arguments> cases = new ArrayList<>();
        for (Jdk jdk : Jdks.all()) {
            for (String collector : jdk.collectors()) {
                cases.add(Arguments.of(jdk, collector));
            }
        }
        return cases;
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("collectors")
    void findsTheHolderAndNothingElse(Jdk jdk, String collector) {
        ForkedJvm.Command command = ForkedJvm.java(jdk).option("-Xmx128m", "-XX:+Use" + collector, "--add-opens=java.base/java.nio=ALL-UNNAMED")
            .main(HeapWalkScenario.class);
        try (ForkedJvm jvm = command.start()) {
            assertEquals(0, jvm.waitFor(Duration.ofSeconds(180)), () -> jvm.failure("ended badly").getMessage());
            assertLine(jvm, "quiet before=" + (jdk.feature() < 24));
            String self = HeapWalkScenario.class.getName();
            assertLine(jvm, "static=[, " + self + ", HashMap, Node[], Node, Object[], StringBuilder]");
            assertLine(jvm, "weak only=[]");
            assertLine(jvm, "weak value=[, " + self + ", WeakHashMap, Entry[], Entry, StringBuilder]");
            assertLine(jvm, "buffer=[, " + self + ", HashMap, Node[], Node, DirectByteBuffer]");
            assertLine(jvm, "own frame=[]");
            assertMatch(jvm, "frame=\\[frame=\\Q" + self + "\\E\\.hold\\(HeapWalkScenario\\.java:\\d+\\) slot=0 of thread scenario-holder, StringBuilder\\]");
            assertMatch(jvm, "root=frame=\\Q" + self + "\\E\\.hold\\(HeapWalkScenario\\.java:\\d+\\) slot=0 of thread scenario-holder held");
            assertMatch(jvm, "root=live thread Thread\\[.*scenario-holder.*");
            assertLine(jvm, "no time=true true");
            assertLine(jvm, "quiet after=true");
            assertLine(jvm, "end");
        }
    }

    private static void assertLine(ForkedJvm jvm, String line) {
        assertTrue(jvm.stdout().lines().anyMatch(line::equals), () -> jvm.failure("no line " + line).getMessage());
    }

    private static void assertMatch(ForkedJvm jvm, String regex) {
        assertTrue(jvm.stdout().lines().anyMatch(line -> line.matches(regex)), () -> jvm.failure("no line like " + regex).getMessage());
    }
}
