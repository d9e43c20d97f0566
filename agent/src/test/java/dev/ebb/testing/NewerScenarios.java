package dev.ebb.testing;

import dev.ebb.testing.Jdks.Jdk;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Scenarios that need a newer JDK than the one that builds Ebb: sources among the test resources, compiled by that JDK when a test runs. */
public final class NewerScenarios {
    private NewerScenarios() { }

    /** The folder of their sources. */
    public static Path sources() {
        try {
            return Path.of(NewerScenarios.class.getResource("/scenarios25/Launched.java").toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Compiles one class, and what it needs of the others, with preview features against the scenarios that all JDKs share.
     *
     * @param name with slashes, without ending
     * @param shared any class of the shared scenarios
     */
    public static void compileWithPreview(Jdk jdk, String name, Class<?> shared, Path classes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(jdk.home().resolve("bin/javac").toString(), "--enable-preview", "--release", String.valueOf(jdk.feature())));
        command.addAll(List.of("-Xlint:-preview", "-d", classes.toString(), "-cp", AgentJvm.home(shared).toString(), "-sourcepath", sources().toString(), sources().resolve(name + ".java").toString()));
        Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(javac.getInputStream().readAllBytes());
        assertEquals(0, javac.waitFor(), output);
    }
}
