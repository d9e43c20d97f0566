package dev.ebb.rollback;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.OtherProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.OnDisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Deletion by the packaged agent: what other processes and other loads have to do with a load's files, and what a start finds of an earlier process. */
@Execution(ExecutionMode.CONCURRENT)
class DeletionIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @TempDir
    private Path directory;
    private Path root;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(directory.toRealPath().resolve("root"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aFileThatAnotherProcessHasOpenStays(Jdk jdk) throws IOException {
        try (ForkedJvm jvm = start(jdk)) {
            EbbLog log = new EbbLog(jvm);
            begin(jvm, "one", "a");
            begin(jvm, "two", "b");
            try (OtherProcess other = OtherProcess.with(root.resolve("one/file"))) {
                end(jvm, "one", "timeout");
                JsonObject verdict = log.await("verdict", "a");
                assertEquals("on-disk", verdict.getString("verdict"));
                assertTrue(verdict.getArray("holders").toString().contains("one/file not deleted: open, mapped"), () -> verdict.toString());
                assertTrue(other.isAlive());
            }
            end(jvm, "two", "timeout");
            assertEquals("returned", log.await("verdict", "b").getString("verdict"));
            exit(jvm, log, "made one", "made two", "failed one", "failed two");
        }
        assertEquals(List.of("one/file: a", "shared/"), Made.listing(root));
    }

    /** The retry may have looked what is there already. */
    @ParameterizedTest
    @MethodSource("jdks")
    void filesStayWhileTheLoadIsRetried(Jdk jdk) {
        try (ForkedJvm jvm = start(jdk)) {
            EbbLog log = new EbbLog(jvm);
            begin(jvm, "one", "a");
            begin(jvm, "retry", "a");
            begin(jvm, "other", "b");
            end(jvm, "one", "timeout");
            JsonObject verdict = log.await("verdict", "a");
            assertEquals("on-disk", verdict.getString("verdict"));
            assertTrue(verdict.getArray("holders").toString().contains("while another load of the same thing goes on"), () -> verdict.toString());
            assertEquals(List.of("one/file: a", "other/file: b", "retry/file: a", "shared/"), Made.listing(root));
            end(jvm, "retry", "timeout");
            log.await("verdict", "a", ".*\"verdict\":\"returned\"");
            jvm.await("\"load\":1,\"label\":\"a\",.*\"verdict\":\"returned\"", LIMIT);
            jvm.await("\"load\":2,\"label\":\"a\",.*\"verdict\":\"returned\"", LIMIT);
            // the directory that several have found is the program's
            assertEquals(List.of("other/file: b", "shared/"), Made.listing(root));
            end(jvm, "other", "well");
            exit(jvm, log, "made one", "made retry", "made other", "failed one", "failed retry", "loaded other");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void filesStayOnceTheLoadWasRetriedWell(Jdk jdk) {
        try (ForkedJvm jvm = start(jdk)) {
            EbbLog log = new EbbLog(jvm);
            begin(jvm, "one", "a");
            begin(jvm, "retry", "a");
            end(jvm, "one", "timeout");
            log.await("verdict", "a");
            end(jvm, "retry", "well");
            log.await("load.completed", "a");
            jvm.await("\"load\":1,.*\"verdict\":\"on-disk\".*name their directory", LIMIT);
            exit(jvm, log, "made one", "made retry", "failed one", "loaded retry");
        }
        assertEquals(List.of("one/file: a", "retry/file: a", "shared/"), Made.listing(root));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void theNextStartFinishesWhatWasInterrupted(Jdk jdk) throws IOException {
        interrupted(2);
        try (ForkedJvm jvm = start(jdk)) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("\"event\":\"delete.replayed\".*\"files\":3,\"deleted\":2,\"notMoved\":1,\"putBack\":0,\"stuck\":0", LIMIT);
            exit(jvm, log);
        }
        assertEquals(List.of("file2: load's"), Made.listing(root));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void onlyARollbackReplays(Jdk jdk) throws IOException {
        interrupted(3);
        List<String> before = Made.listing(root);
        try (ForkedJvm jvm = command(jdk).option("-Debb.mode=observe", "-Debb.log.summary=1s").start()) {
            EbbLog log = new EbbLog(jvm);
            begin(jvm, "one", "a");
            end(jvm, "one", "timeout");
            log.await("verdict", "a");
            // comes from the same round of the worker that would have replayed
            jvm.await("\"event\":\"ebb.summary\"", LIMIT);
            exit(jvm, log, "made one", "failed one");
        }
        assertTrue(Made.listing(root).containsAll(before), () -> Made.listing(root).toString());
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aDamagedJournalIsSaidAndLeft(Jdk jdk) throws IOException {
        String journal = interrupted(1).toString();
        Files.writeString(Path.of(journal), Files.readString(Path.of(journal)).replace("file2", "file3"));
        List<String> before = Made.listing(root);
        try (ForkedJvm jvm = start(jdk)) {
            String line = jvm.await("\"event\":\"trouble\".*", LIMIT).group();
            assertTrue(line.contains(journal) && line.contains("then delete the journal"), line);
            jvm.send("exit");
            assertEquals(0, jvm.waitFor(LIMIT));
        }
        assertEquals(before, Made.listing(root));
    }

    /** A deletion of three files whose process ended when it had moved so many. @return its journal */
    private Path interrupted(int moved) throws IOException {
        String id = Journal.newId();
        List<Trash> files = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Path file = Files.writeString(root.resolve("file" + i), "load's");
            files.add(Trash.of(file, FileState.of(file).identity(), id, i));
        }
        Journal journal = Journal.write(root, id, files);
        for (Trash file : files.subList(0, moved)) {
            file.moveAway();
        }
        journal.close();
        assertFalse(Made.listing(root).isEmpty());
        return journal.file();
    }

    private ForkedJvm.Command command(Jdk jdk) {
        return AgentJvm.command(jdk, OnDisk.class, "scenario.OnDisk#load as {0}").option("-Debb.files=" + root).args(root.toString());
    }

    private ForkedJvm start(Jdk jdk) {
        ForkedJvm jvm = command(jdk).start();
        jvm.await("^waiting$", LIMIT);
        return jvm;
    }

    private static void begin(ForkedJvm jvm, String name, String label) {
        jvm.send("begin " + name + " " + label);
        jvm.await("^made " + name + "$", LIMIT);
    }

    /** Returns when the program has said it: two of them say it in this order. */
    private static void end(ForkedJvm jvm, String name, String how) {
        jvm.send("end " + name + " " + how);
        jvm.await("^" + (how.equals("well") ? "loaded " : "failed ") + name + "$", LIMIT);
    }

    private static void exit(ForkedJvm jvm, EbbLog log, String... lines) {
        jvm.send("exit");
        assertEquals(0, jvm.waitFor(LIMIT));
        String[] expected = new String[lines.length + 1];
        expected[0] = "waiting";
        System.arraycopy(lines, 0, expected, 1, lines.length);
        log.assertEndedWell(expected);
    }
}
