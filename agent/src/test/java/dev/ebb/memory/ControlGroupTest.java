package dev.ebb.memory;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Where the memory controller is found, on hosts and in containers, of both versions. */
class ControlGroupTest {
    private static final String VERSION_2 = "anon 4096\nfile 30002016\nkernel 1\nfile_mapped 7\n";
    private static final String VERSION_1 = "cache 1000\nrss 5\nmapped_file 3\ntotal_cache 40004016\ntotal_rss 7";

    @TempDir
    private Path directory;

    @Test
    void version2OnAHost() throws IOException {
        statistics("cgroup/system.slice/app.service", VERSION_2);
        assertEquals(30_002_016, bytes("30 23 0:26 / MOUNT/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw", "0::/system.slice/app.service"));
    }

    @Test
    void version2InAContainerWithANamespace() throws IOException {
        statistics("cgroup", VERSION_2);
        assertEquals(30_002_016, bytes("30 23 0:26 / MOUNT/cgroup ro - cgroup2 cgroup ro", "0::/"));
    }

    /** The path is the host's, and what is mounted is the group itself. */
    @Test
    void inAContainerWithoutANamespace() throws IOException {
        statistics("cgroup/memory", VERSION_1);
        assertEquals(40_004_016, bytes("35 31 0:32 /docker/abc MOUNT/cgroup/memory ro - cgroup cgroup rw,memory", "4:memory:/docker/abc"));
        assertEquals(40_004_016, bytes("35 31 0:32 /other MOUNT/cgroup/memory ro - cgroup cgroup rw,memory", "4:memory:/docker/abc"));
    }

    @Test
    void version1WinsWhereBothAreMounted() throws IOException {
        statistics("cgroup/unified", VERSION_2);
        statistics("cgroup/cpu,memory/group", VERSION_1);
        assertEquals(40_004_016, bytes("41 31 0:38 / MOUNT/cgroup/unified rw - cgroup2 cgroup2 rw\n34 31 0:31 / MOUNT/cgroup/pids rw - cgroup cgroup rw,pids\n"
            + "35 31 0:32 / MOUNT/cgroup/cpu,memory rw - cgroup cgroup rw,cpu,memory", "8:pids:/group\n4:cpu,memory:/group\n0::/"));
    }

    @Test
    void withoutOneNothingIsKnown() throws IOException {
        assertEquals(-1, bytes("30 23 0:26 / MOUNT/cgroup rw - cgroup2 cgroup2 rw", "0::/"));
        assertEquals(-1, bytes("", ""));
        assertEquals(-1, new ControlGroup(new File("/nowhere"), new File("/nowhere")).fileBytes());
        statistics("cgroup", "anon 3\n");
        assertEquals(-1, bytes("30 23 0:26 / MOUNT/cgroup rw - cgroup2 cgroup2 rw", "0::/"));
    }

    @Test
    void whatThisProcessWritesIsCounted() throws IOException {
        long before = ControlGroup.movedBytes();
        assumeTrue(before >= 0, "no /proc/self/io");
        Files.write(directory.resolve("file"), new byte[20_000_000]);
        // a file system in memory moves nothing
        long moved = ControlGroup.movedBytes() - before;
        assertTrue(moved >= 20_000_000 || Files.getFileStore(directory).type().equals("tmpfs"), () -> "moved " + moved);
    }

    private void statistics(String group, String text) throws IOException {
        Files.createDirectories(directory.resolve(group));
        Files.writeString(directory.resolve(group).resolve("memory.stat"), text);
    }

    private long bytes(String mounts, String groups) throws IOException {
        Path mountinfo = Files.writeString(directory.resolve("mountinfo"), mounts.replace("MOUNT", directory.toString()) + "\n");
        Path cgroup = Files.writeString(directory.resolve("cgroups"), groups + "\n");
        return new ControlGroup(mountinfo.toFile(), cgroup.toFile()).fileBytes();
    }
}
