package dev.ebb.start;

import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A program that logs through an SLF4J of its own: neither of the two sees the other, whatever the program sets for its own. */
class ForeignSlf4jIT {
    private static final String[] PROGRAM = {"the program's binding starts", "INFO patient one line of the program", "bound to patient.Binding", "loaded 30002016"};

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void boundByItsServiceFile(Jdk jdk) throws IOException {
        Path service = directory.resolve("service.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(service))) {
            out.putNextEntry(new JarEntry("META-INF/services/org.slf4j.spi.SLF4JServiceProvider"));
            out.write("patient.Binding\n".getBytes(StandardCharsets.UTF_8));
        }
        Run run = Run.of(Patient.command(jdk, "log", "load 30002016").classpath(Patient.jar(), Patient.slf4j(), service));
        run.assertStory().assertProgram(0, PROGRAM).assertLoads(1, 30_002_016);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void boundByTheProperty(Jdk jdk) {
        Run run = Run.of(Patient.command(jdk, "log", "load 30002016").classpath(Patient.jar(), Patient.slf4j()).option("-Dslf4j.provider=patient.Binding"));
        run.assertStory().assertLoads(1, 30_002_016);
        assertEquals(String.join("\n", PROGRAM) + "\n", run.stdout(), run::toString);
        // the program's SLF4J says it, once; ours would have said it a second time
        assertEquals(List.of("SLF4J(I): Attempting to load provider \"patient.Binding\" specified via \"slf4j.provider\" system property"), run.otherStderr());
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void thePropertyNamesNothing(Jdk jdk) {
        Run.of(Patient.command(jdk, "load 30002016").option("-Dslf4j.provider=x", "-Dslf4j.internal.verbosity=DEBUG")).assertStory()
            .assertProgram(0, "loaded 30002016").assertLoads(1, 30_002_016);
    }

    /** Without a binding of its own the program logs nothing; it must not come upon ours. */
    @ParameterizedTest
    @MethodSource("jdks")
    void withoutABinding(Jdk jdk) {
        Run run = Run.of(Patient.command(jdk, "log", "load 30002016").classpath(Patient.jar(), Patient.slf4j()));
        run.assertStory().assertLoads(1, 30_002_016);
        assertEquals("bound to org.slf4j.helpers.NOPLoggerFactory\nloaded 30002016\n", run.stdout(), run::toString);
        assertTrue(run.otherStderr().get(0).startsWith("SLF4J(W): No SLF4J providers were found."), run::toString);
    }
}
