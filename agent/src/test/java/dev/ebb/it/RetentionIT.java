package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.sun.tools.attach.VirtualMachine;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Retained;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a load has left in reach is reported with the path by which the program reaches it, found as cheaply as can be. */
@Execution(ExecutionMode.CONCURRENT)
class RetentionIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whoHoldsItIsToldWithItsPath(Jdk jdk) throws IOException {
        ForkedJvm.Command command = command(jdk).option("-Debb.rollback.walk=30s", "-XX:SoftRefLRUPolicyMSPerMB=1000000");
        try (ForkedJvm jvm = (jdk.feature() >= 24 ? command.option("--enable-native-access=ALL-UNNAMED") : command).start()) {
            EbbLog log = new EbbLog(jvm);
            assertHeld(log, "static", "held-by-heap", "static scenario.Retained.SEGMENTS -> ConcurrentHashMap.table -> Node[] -> Node.val -> Segment.buf -> DirectByteBuffer");
            assertHeld(log, "soft", "held-by-heap", "static scenario.Retained.SOFT -> ArrayList.elementData -> Object[] -> SoftReference -> DirectByteBuffer");
            assertHeld(log, "frame", "held-by-heap", "frame=scenario.Retained.\\S+(Retained.java:\\d+) slot=0 of thread scenario-frame -> Segment.buf -> DirectByteBuffer");
            assertHeld(log, "local", "held-by-heap", "thread scenario-local -> Thread.threadLocals -> ThreadLocalMap.table -> Entry[] -> Entry.value -> DirectByteBuffer");
            assertHeld(log, "jdk", "held-by-heap",
                "static java.lang.System.props -> Properties.map -> ConcurrentHashMap.table -> Node[] -> Node.val -> Object[] -> DirectByteBuffer");
            assertHeld(log, "mapped", "mapped", "static scenario.Retained.mapped -> DirectByteBufferR");
            JsonObject weak = log.await("verdict", "weak");
            assertEquals("returned [] 0", weak.getString("verdict") + " " + holders(weak) + " " + weak.getLong("directBytes"));
            jvm.send("end");
            log.assertEndedWell("waiting");

            // no cheaper way leads to this one, so the heap was walked, announced before and accounted for after; others are, too, where a search runs out of its time
            List<JsonObject> walks = log.about("jdk", "rollback.step").stream().filter(e -> e.getString("step").startsWith("walk")).toList();
            assertEquals(List.of("walk", "walked"), walks.stream().map(e -> e.getString("step")).toList());
            assertTrue(walks.get(0).getLong("expectedPauseMs", -1) >= 0 && walks.get(0).getLong("heapBytes") > 0, () -> walks.toString());
            assertTrue(walks.get(1).getInt("passes") >= 5 && walks.get(1).getLong("stoppedMs") >= walks.get(1).getLong("longestPauseMs"), () -> walks.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void withoutAWalkTheRestIsFoundAllTheSame(Jdk jdk) throws IOException {
        try (ForkedJvm jvm = command(jdk).option("-Debb.rollback.walk=off").start()) {
            EbbLog log = new EbbLog(jvm);
            assertHeld(log, "static", "held-by-heap", "static scenario.Retained.SEGMENTS -> .*");
            JsonObject jdks = log.await("verdict", "jdk");
            assertEquals(List.of("the program reaches 1 direct buffers, 0 arenas and 0 open files of the load"), holders(jdks));
            log.await("verdict", "mapped");
            jvm.send("end");
            // nor was the native library loaded, of which a newer JDK would warn
            log.assertEndedWell("waiting");
            assertFalse(log.events("rollback.step").stream().anyMatch(e -> e.getString("step").startsWith("walk")));
        }
    }

    /** Where a walk would take longer than it may by itself, or is switched off, and whether the load was rolled back or only watched: announced before, on the terminal of who asks and in the log, and accounted for after. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("modes")
    void onDemandTheHeapIsWalkedWhateverItCosts(Jdk jdk, String mode) throws Exception {
        ForkedJvm.Command command = command(jdk).option("-Debb.rollback.walk=" + (mode.equals("rollback") ? "1ms" : "off"), "-Debb.mode=" + mode);
        try (ForkedJvm jvm = (jdk.feature() >= 24 ? command.option("--enable-native-access=ALL-UNNAMED") : command).start()) {
            EbbLog log = new EbbLog(jvm);
            JsonObject held = log.await("verdict", "jdk");
            assertEquals("held-by-heap", held.getString("verdict"));
            assertFalse(held.getArray("holders").toString().contains(" -> "), held::toString);
            log.await("verdict", "static");
            String path = "static java.lang.System.props -> Properties.map -> ConcurrentHashMap.table -> Node[] -> Node.val -> Object[] -> DirectByteBuffer";

            ForkedJvm asked = holders(jdk, jvm, held.getInt("load"), "--json");
            JsonObject answer = JsonParser.object().from(asked.stdout());
            assertTrue(answer.getArray("paths").contains(path), answer::toString);
            assertTrue(answer.getInt("passes") >= 5 && answer.getLong("stoppedMs") >= answer.getLong("longestPauseMs") && answer.getLong("heapBytes") > 1 << 20, answer::toString);
            Matcher announced = Pattern.compile("^ebb holders: each step of a path stops the program for about (\\d+) ms \\(([0-9.]+) MiB of heap\\), (\\d+) steps at most$", Pattern.MULTILINE)
                .matcher(asked.stderr());
            assertTrue(announced.find() && Double.parseDouble(announced.group(2)) >= 1 && Integer.parseInt(announced.group(3)) >= answer.getInt("passes"), asked::stderr);
            assertTrue(holders(jdk, jvm, log.only("verdict", "static").getInt("load")).stdout().matches("(?s)static scenario\\.Retained\\.SEGMENTS -> .* passes through .* MiB of heap stopped the "
                + "program for \\d+ ms, \\d+ ms at most at once\n"));
            String bean = holdersByBean(jvm, held.getInt("load"));
            assertTrue(bean.startsWith(path + "\n") && bean.matches("(?s).*\n\\d+ passes stopped the JVM for \\d+ ms, \\d+ ms at most at once"), bean);
            ForkedJvm unknown = ForkedJvm.java(jdk).jar(AgentJvm.jar()).args("holders", Long.toString(jvm.pid()), "999").start();
            assertEquals(1, unknown.waitFor(LIMIT));
            assertTrue(unknown.stderr().contains("nothing of load 999 is known to be left in reach"), unknown::stderr);

            jvm.send("end");
            log.assertEndedWell("waiting");
            // each walk is announced, and accounted for
            List<String> walks = log.about("jdk", "rollback.step").stream().map(e -> e.getString("step")).filter(step -> step.startsWith("walk")).toList();
            assertEquals(List.of("walk", "walked", "walk", "walked"), walks);
        }
    }

    static List<Arguments> modes() {
        return jdks().stream().flatMap(jdk -> Stream.of(Arguments.of(jdk, "rollback"), Arguments.of(jdk, "observe"))).toList();
    }

    private static ForkedJvm holders(Jdk jdk, ForkedJvm jvm, int load, String... more) {
        ForkedJvm command = ForkedJvm.java(jdk).jar(AgentJvm.jar()).args("holders", Long.toString(jvm.pid()), Integer.toString(load)).args(more).start();
        assertEquals(0, command.waitFor(LIMIT), () -> command.failure("failed").getMessage());
        return command;
    }

    private static String holdersByBean(ForkedJvm jvm, int load) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(jvm.pid()));
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()))) {
            return (String) connector.getMBeanServerConnection().invoke(new ObjectName("dev.ebb:type=Ebb"), "holders", new Object[] {(long) load}, new String[] {"long"});
        } finally {
            machine.detach();
        }
    }

    private ForkedJvm.Command command(Jdk jdk) throws IOException {
        Path file = Files.write(directory.resolve("mapped"), new byte[9_000]);
        return AgentJvm.command(jdk, Retained.class, "scenario.Retained#load as {0}", "scenario.Retained#map as {0}").args(file.toString());
    }

    /** @param path regular expression if it has a backslash or an asterisk */
    private static void assertHeld(EbbLog log, String label, String verdict, String path) {
        JsonObject event = log.await("verdict", label);
        assertEquals(verdict, event.getString("verdict"), () -> event.toString());
        boolean pattern = path.indexOf('\\') >= 0 || path.indexOf('*') >= 0;
        String regex = pattern ? path.replace("(", "\\(").replace(")", "\\)").replace("[", "\\[") : "\\Q" + path + "\\E";
        assertTrue(holders(event).stream().anyMatch(holder -> holder.matches(regex)), () -> event.toString());
    }

    private static List<String> holders(JsonObject event) {
        return event.getArray("holders").stream().map(String::valueOf).toList();
    }
}
