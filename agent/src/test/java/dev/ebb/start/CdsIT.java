package dev.ebb.start;

import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import net.bytebuddy.ByteBuddy;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What class-data sharing gives to a program, Ebb does not take away: each class that comes out of an archive under an agent that does nothing comes out of it
 * under Ebb.
 */
class CdsIT {
    private static final String SHARED = "source: shared objects file";
    /** What is woven when it is loaded cannot come out of an archive. */
    private static final Set<String> WOVEN = Set.of("patient.Loader", "java.nio.DirectByteBuffer$Deallocator");
    private static final int SOME_HUNDRED = 500;

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void dynamicArchiveOfTheProgram(Jdk jdk) throws IOException {
        Path archive = directory.resolve("program.jsa");
        Run dump = Run.of(program(jdk).option("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:disable"));
        assertTrue(Files.exists(archive), dump::toString);
        assertNothingLost(jdk, "source: shared objects file (top)", "net.bytebuddy.", "-XX:SharedArchiveFile=" + archive);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void defaultArchiveOfTheJdk(Jdk jdk) throws IOException {
        assertNothingLost(jdk, SHARED, "java.", "-Xshare:auto");
    }

    /** JDK 25 refuses such a cache whole unless java.instrument was there when it was made; then every agent may come. */
    @ParameterizedTest
    @MethodSource("jdks")
    void aheadOfTimeCache(Jdk jdk) throws IOException {
        assumeTrue(jdk.feature() >= 25, "JDK 25 makes such a cache in one step");
        Path cache = directory.resolve("program.aot");
        Run dump = Run.of(program(jdk).option("-XX:AOTCacheOutput=" + cache, "--add-modules=java.instrument", "-Xlog:disable"));
        assertTrue(Files.exists(cache), dump::toString);
        assertNothingLost(jdk, SHARED, "net.bytebuddy.", "-XX:AOTCache=" + cache);
    }

    /**
     * @param source in the line of a class from the archive
     * @param prefix of the names of some hundred classes, without which the archive was not used at all
     */
    private void assertNothingLost(Jdk jdk, String source, String prefix, String option) throws IOException {
        Path classesWithout = directory.resolve("classes-without.log");
        Path classesWith = directory.resolve("classes-with.log");
        Run without = run(jdk, Patient.agent("patient.EmptyAgent", directory), classesWithout, option);
        Run with = run(jdk, AgentJvm.jar(), classesWith, option).assertStory().assertLoads(1, 30_002_016);
        // JDK 25 says of a dynamic archive that no agent was there when it was made, whatever the agent
        assertEquals(undated(without.stdout()), undated(with.stdout()), with::toString);
        assertEquals(List.of(), with.otherStderr(), with::toString);

        Set<String> lost = Patient.loadedClasses(classesWithout, source);
        assertTrue(lost.stream().filter(name -> name.startsWith(prefix)).count() > SOME_HUNDRED, without::toString);
        lost.retainAll(Patient.loadedClasses(classesWith, ""));
        lost.removeAll(Patient.loadedClasses(classesWith, source));
        lost.removeAll(WOVEN);
        assertEquals(Set.of(), lost);
    }

    private static Run run(Jdk jdk, Path agent, Path classes, String option) {
        Run run = Run.of(program(jdk).option(option, "-javaagent:" + agent, "-Debb.loads=patient.Loader#load", "-Debb.log.format=json", "-Xlog:class+load:file=" + classes));
        assertEquals(0, run.exitCode(), run::toString);
        assertTrue(run.stdout().contains("loaded 30002016\n"), run::toString);
        return run;
    }

    /** Without the JVM's time stamps. */
    private static String undated(String log) {
        return log.replaceAll("(?m)^\\[[0-9.]+s\\]", "");
    }

    private static ForkedJvm.Command program(Jdk jdk) {
        return Patient.unwoven(jdk, "load 30002016").main("patient.ManyClasses")
            .classpath(Patient.jar(), AgentJvm.home(Histogram.class), AgentJvm.home(ClassReader.class), AgentJvm.home(ByteBuddy.class));
    }
}
