package dev.ebb.testing;

import dev.ebb.testing.Jdks.Jdk;
import org.objectweb.asm.ClassWriter;

import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * How the packaged agent is started in a JVM of its own: with a small heap, every class verified, and its log as JSON on stderr. Allocators are not purged
 * unless a test asks for it. The class path has the scenarios and ASM; not Ebb's own classes, which must come out of the jar.
 */
public final class AgentJvm {
    private AgentJvm() { }

    /** @param loads the value of {@code ebb.loads} */
    public static ForkedJvm.Command command(Jdk jdk, Class<?> scenario, String... loads) {
        return command(jdk, jar(), scenario, loads);
    }

    /** With another jar than the one that was built. */
    public static ForkedJvm.Command command(Jdk jdk, Path jar, Class<?> scenario, String... loads) {
        return unwoven(jdk, scenario).option("-javaagent:" + jar).option("-Debb.loads=" + String.join(";", loads));
    }

    /** The same without the agent, for a scenario that attaches it itself or is started with others before it. */
    public static ForkedJvm.Command unwoven(Jdk jdk, Class<?> scenario) {
        return ForkedJvm.java(jdk).classpath(home(scenario), home(ClassWriter.class)).main(scenario)
            .option("-Xmx160m", "-XX:MaxDirectMemorySize=512m", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xverify:all")
            .option("-Debb.log.format=json", "-Debb.purge=off");
    }

    public static Path jar() {
        return Path.of(System.getProperty("ebb.test.agent", "target/ebb-agent.jar"));
    }

    /** The directory or jar that a class came from. */
    public static Path home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
