package dev.ebb.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    @TempDir
    Path directory;

    @Test
    void theFileIsTheWeakestSource() throws IOException {
        Path file = file("ebb.mode=observe\nlog.level=warn\nebb.purge=off\nlog.file=/tmp/é.log\n");
        Options options = Options.read("config=" + file + ",log.level=debug", Map.of(), Map.of("EBB_PURGE", "on"));
        assertEquals(List.of(), options.problems());
        assertEquals("observe", options.mode());
        assertEquals("ebb.config file", options.source(Options.MODE));
        assertEquals("debug", options.logLevel());
        assertTrue(options.purge());
        assertEquals("/tmp/é.log", options.logFile());
        assertFalse(options.toString().contains("config"), "the text stands for itself: " + options);
    }

    @Test
    void thePrefixedKeyCountsInAFileThatHasBoth() throws IOException {
        assertEquals("observe", Options.read("config=" + file("mode=off\nebb.mode=observe\n"), Map.of(), Map.of()).mode());
    }

    @Test
    void unknownKeysAreNamed() throws IOException {
        Options options = Options.read("config=" + file("modus=off\n"), Map.of(), Map.of());
        assertEquals(List.of("ebb.modus is not an option of Ebb; did you mean ebb.mode?"), options.problems());
    }

    @Test
    void aMissingFileIsReportedAndTheOtherSourcesGoOn() {
        Path missing = directory.resolve("missing.properties");
        Options options = Options.read("mode=observe", Map.of("ebb.config", missing.toString()), Map.of());
        assertEquals(1, options.problems().size());
        String problem = options.problems().get(0);
        assertTrue(problem.startsWith("ebb.config=" + missing + " (system property) cannot be read: "), problem);
        assertTrue(problem.endsWith("; name a readable properties file; the other sources are used"), problem);
        assertEquals("observe", options.mode());
    }

    @Test
    void aDirectoryIsNoFile() {
        assertTrue(Options.read("config=" + directory, Map.of(), Map.of()).problems().get(0).contains("cannot be read"));
    }

    @Test
    void aMalformedEscapeIsReported() throws IOException {
        Options options = Options.read("mode=observe,config=" + file("log.file=C:\\users\\x\n"), Map.of(), Map.of());
        assertEquals(1, options.problems().size());
        assertTrue(options.problems().get(0).contains(" (agent argument) is not a properties file: "), options.problems().get(0));
        assertTrue(options.problems().get(0).contains("write \\\\ for a backslash"), options.problems().get(0));
        assertEquals("observe", options.mode());
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("ebb.properties"), text);
    }
}
