package dev.ebb.it;

import com.sun.tools.attach.VirtualMachine;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Managed;
import scenario.Unmanaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The MBean is there as soon as anybody has the platform's server, and Ebb makes no server. */
class ManagementIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final String LOADS = "scenario.Managed#load as {0};scenario.Managed#loadAndWait as waiting";

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whoAsksInItsFirstLineFindsIt(Jdk jdk) throws IOException {
        try (ForkedJvm jvm = AgentJvm.command(jdk, Managed.class, LOADS).args("first", file()).start()) {
            new EbbLog(jvm).assertEndedWell("true", "42: 1.0 MiB mapped, 1 file|42: 1.0 MiB mapped, 1 file",
                "1 open, all: 2.0 MiB mapped, 1003 bytes in direct buffers, 2 files", "true", "observe", "onserve is none of rollback, observe and off",
                "while off: nothing, 0 records", "on again: 1.0 MiB mapped, 1 file", "done");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whoAttachesFindsItAndBeforeThatThereIsNoServer(Jdk jdk) throws Exception {
        Path classes = directory.resolve("classes.log");
        ForkedJvm.Command command = AgentJvm.command(jdk, Unmanaged.class, "scenario.Unmanaged#load as {0}")
            // the verifier would load classes of JMX for the JDK's own management classes, which by default are not verified
            .option("-Xverify:remote", "-Xlog:class+load:file=" + classes).args(file());
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("^loaded$", LIMIT);
            log.await("load.completed", "42");
            assertEquals(List.of(), managementClasses(classes));
            try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(localAddress(jvm)))) {
                MBeanServerConnection connection = connector.getMBeanServerConnection();
                CompositeData[] ledgers = (CompositeData[]) connection.getAttribute(new ObjectName("dev.ebb:type=Ebb"), "Ledgers");
                assertEquals(1, ledgers.length);
                assertEquals("42 scenario.Unmanaged#load decided 1048576 1", ledgers[0].get("label") + " " + ledgers[0].get("method") + " " + ledgers[0].get("state") + " "
                    + ledgers[0].get("mappedBytes") + " " + ledgers[0].get("openFiles"));
            }
            jvm.send("");
            log.assertEndedWell("loaded", "done");
            assertTrue(managementClasses(classes).size() > 10, "this test sees them");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aServerThatWasThereBeforeGetsIt(Jdk jdk) throws Exception {
        ForkedJvm.Command command = AgentJvm.unwoven(jdk, Managed.class).args("before");
        try (ForkedJvm jvm = (jdk.feature() < 21 ? command : command.option("-XX:+EnableDynamicAgentLoading")).start()) {
            jvm.await("^ready$", LIMIT);
            VirtualMachine machine = VirtualMachine.attach(String.valueOf(jvm.pid()));
            machine.loadAgent(AgentJvm.jar().toAbsolutePath().toString(), "loads=" + LOADS + ",mode=observe");
            machine.detach();
            new EbbLog(jvm).assertEndedWell("ready", "observe", "done");
        }
    }

    /** Those that a server needs; the exceptions that java.lang.management.ManagementFactory catches are loaded as it is verified. */
    private static List<String> managementClasses(Path log) throws IOException {
        return Files.readAllLines(log).stream().filter(line -> line.contains("] javax.management.MBeanServer") || line.contains("] com.sun.jmx.")).toList();
    }

    private static String localAddress(ForkedJvm jvm) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(String.valueOf(jvm.pid()));
        try {
            return machine.startLocalManagementAgent();
        } finally {
            machine.detach();
        }
    }

    private String file() throws IOException {
        return Files.write(directory.resolve("file"), new byte[2_000_000]).toString();
    }
}
