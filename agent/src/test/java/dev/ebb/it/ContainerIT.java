package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import dev.ebb.start.Patient;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What docs/containers.md promises, without a container: a memory group of the test's own, and a read-only root for a user without rights. */
class ContainerIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final long GROUP_LIMIT = 700L << 20;
    private static final String NOBODY = "65534";

    /** Of the version that this machine has: doctor reads the limit of the group, and a rollback inside it ends as anywhere. */
    @Test
    void inAMemoryGroupOfItsOwn() throws Exception {
        Path group = makeGroup();
        try {
            Jdk jdk = Jdks.running();
            try (ForkedJvm jvm = rolledBack(jdk).under("sh", "-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"", group.toString()).start()) {
                jvm.await("\"event\":\"verdict\"", LIMIT);
                assertTrue(Files.readString(group.resolve("cgroup.procs")).contains(Long.toString(jvm.pid())), "the JVM is not in the group");
                assertEquals("returned", new EbbLog(jvm).events("verdict").get(0).getString("verdict"));
                JsonObject account = json(jdk, "doctor", Long.toString(jvm.pid()), "--json", "--no-agent");
                assertEquals(GROUP_LIMIT, account.getLong("containerLimitBytes"), account::toString);
                assertTrue(account.getLong("pageCacheBytes", -1) >= 0 && account.getLong("pageCacheBytes") < GROUP_LIMIT, account::toString);
                jvm.send("exit 0");
                assertEquals(0, jvm.waitFor(LIMIT));
            }
        } finally {
            Files.delete(group);
        }
    }

    /** As deploy/kubernetes has it: nothing may be written but an emptyDir at /tmp. */
    @Test
    void withAReadOnlyRootAndAnEmptyDirectoryAtTmp() throws Exception {
        Jdk jdk = Jdks.running();
        try (ForkedJvm jvm = rolledBack(jdk).under(locked("mount -t tmpfs -o mode=1777,size=64m none /tmp")).start()) {
            jvm.await("\"event\":\"verdict\"", LIMIT);
            EbbLog log = new EbbLog(jvm);
            assertEquals(List.of(), log.events("trouble"));
            assertEquals("returned", log.events("verdict").get(0).getString("verdict"));
            assertEquals(1, log.events("purge.done").size());
            assertTrue(Files.readString(Path.of("/proc/" + jvm.pid() + "/status")).contains("\nUid:\t" + NOBODY + "\t"), "the user has rights");
            // from the host, as root, through the root of the process
            assertEquals("rollback", json(jdk, "status", Long.toString(jvm.pid()), "--json").getString("mode"));
            jvm.send("exit 0");
            assertEquals(0, jvm.waitFor(LIMIT), jvm::stderr);
        }
    }

    /** Where nothing at all may be written, one line says so, and the rest goes on: the load is rolled back. */
    @Test
    void withAReadOnlyRootAndNowhereToWrite() throws Exception {
        Jdk jdk = Jdks.running();
        try (ForkedJvm jvm = rolledBack(jdk).option("-XX:-UsePerfData").under(locked("true")).start()) {
            jvm.await("\"event\":\"verdict\"", LIMIT);
            // troubles are told once a second
            jvm.await("\"event\":\"trouble\"", LIMIT);
            EbbLog log = new EbbLog(jvm);
            assertEquals("returned", log.events("verdict").get(0).getString("verdict"));
            List<JsonObject> troubles = log.events("trouble");
            assertEquals(1, troubles.size(), troubles::toString);
            assertTrue(troubles.get(0).toString().contains("could not be unpacked under") && troubles.get(0).getString("remedy").contains("-Djava.io.tmpdir=DIR"), troubles::toString);
            jvm.send("exit 0");
            assertEquals(0, jvm.waitFor(LIMIT), jvm::stderr);
        }
    }

    private static ForkedJvm.Command rolledBack(Jdk jdk) {
        ForkedJvm.Command command = Patient.command(jdk, "timeout 30002016", "read").option("-Debb.purge=on");
        return jdk.feature() < 24 ? command : command.option("--enable-native-access=ALL-UNNAMED");
    }

    /** @param writable a command that mounts what may be written */
    private static String[] locked(String writable) throws Exception {
        // what a mount namespace of its own does to /, the rest of the machine does not see
        String script = "mount --make-rprivate / && " + writable + " && mount -o remount,bind,ro / && exec setpriv --reuid=" + NOBODY + " --regid=" + NOBODY
            + " --clear-groups --no-new-privs --bounding-set=-all \"$@\"";
        String[] command = {"unshare", "--mount", "sh", "-c", script, "sh"};
        String[] trial = Stream.concat(Stream.of(command), Stream.of("sh", "-c", "test -r '" + AgentJvm.jar().toAbsolutePath() + "' && ! touch /read-only 2>/dev/null")).toArray(String[]::new);
        assumeTrue(exit(trial) == 0, "a read-only root for another user cannot be made here, or that user may not read the jar (it has to lie outside /tmp): " + String.join(" ", trial));
        return command;
    }

    /** Below the group that this process is in, if it may be made there, else at the top. */
    private static Path makeGroup() throws IOException {
        Path second = Path.of("/sys/fs/cgroup");
        boolean unified = Files.exists(second.resolve("cgroup.controllers"));
        Path top = unified ? second : second.resolve("memory");
        assumeTrue(Files.isDirectory(top), "there is no memory controller at " + top);
        Path group = top.resolve("ebb-container-it-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(group);
        } catch (IOException e) {
            return abort("no group may be made here: " + e);
        }
        try {
            if (unified && !Files.exists(group.resolve("memory.max"))) {
                Files.writeString(top.resolve("cgroup.subtree_control"), "+memory");
            }
            Files.writeString(group.resolve(unified ? "memory.max" : "memory.limit_in_bytes"), Long.toString(GROUP_LIMIT));
            return group;
        } catch (IOException e) {
            Files.delete(group);
            return abort("the group may have no limit here: " + e);
        }
    }

    private static JsonObject json(Jdk jdk, String... arguments) throws Exception {
        try (ForkedJvm command = ForkedJvm.java(jdk).jar(AgentJvm.jar()).args(arguments).start()) {
            assertEquals(0, command.waitFor(LIMIT), () -> command.failure("failed").getMessage());
            return JsonParser.object().from(command.stdout());
        }
    }

    private static int exit(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    }
}
