package dev.ebb.start;

import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** JAVA_TOOL_OPTIONS reaches every JVM of a container: the program gets its agent, and the tools of the JDK do not notice. */
class ToolsIT {
    private static final String SOURCE = "class Script { static Object kept; static void load(int bytes) { kept = java.nio.ByteBuffer.allocateDirect(bytes); }"
        + " public static void main(String[] arguments) { load(12345); System.out.println(\"scripted\"); } }";

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    static List<Arguments> tools() {
        List<Arguments> tools = new ArrayList<>();
        for (Jdk jdk : Jdks.all()) {
            tools.add(Arguments.of(jdk, List.of("javac", "-d", "out", "Script.java")));
            tools.add(Arguments.of(jdk, List.of("keytool", "-genkeypair", "-help")));
            tools.add(Arguments.of(jdk, List.of("jcmd", "-h")));
            tools.add(Arguments.of(jdk, List.of("jar", "--help")));
            tools.add(Arguments.of(jdk, List.of("rmiregistry", "none")));
            tools.add(Arguments.of(jdk, List.of("javap", "java.lang.Object")));
        }
        return tools;
    }

    @ParameterizedTest
    @MethodSource("tools")
    void aToolIsAsWithout(Jdk jdk, List<String> tool) throws IOException, InterruptedException {
        Files.writeString(directory.resolve("Script.java"), SOURCE);
        Output without = run(jdk, tool, "");
        Output with = run(jdk, tool, options());
        assertEquals(without.exitCode, with.exitCode, with.err);
        assertEquals(without.out, with.out);
        assertEquals("Picked up JAVA_TOOL_OPTIONS: " + options() + "\n" + without.err, with.err);
        assertNotEquals(tool.get(0).equals("javac"), (without.out + without.err).contains("\n"), "the tool did nothing");
    }

    /** The source launcher is in the module of javac, and what it runs is the user's. */
    @ParameterizedTest
    @MethodSource("jdks")
    void aProgramInOneSourceFileIsWatched(Jdk jdk) throws IOException, InterruptedException {
        Files.writeString(directory.resolve("Script.java"), SOURCE);
        Output output = run(jdk, List.of("java", "-XX:TieredStopAtLevel=1", "Script.java"), options());
        assertEquals(0, output.exitCode, output.err);
        assertEquals("scripted\n", output.out, output.err);
        assertTrue(output.err.contains("ebb.started"), output.err);
        assertTrue(output.err.contains("\"event\":\"load.completed\",\"load\":1,\"label\":\"-\",\"method\":\"Script#load\""), output.err);
        assertTrue(output.err.contains("\"directBytes\":12345,"), output.err);
    }

    private static String options() {
        return "-javaagent:" + AgentJvm.jar().toAbsolutePath() + "=loads=Script#load,log.format=json,purge=off";
    }

    private Output run(Jdk jdk, List<String> tool, String options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(tool);
        command.set(0, jdk.home().resolve("bin").resolve(tool.get(0)).toString());
        Path out = directory.resolve("stdout");
        Path err = directory.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.endsWith("JAVA_OPTIONS") || name.startsWith("EBB_"));
        builder.environment().put("JAVA_TOOL_OPTIONS", options);
        if (options.isEmpty()) {
            builder.environment().remove("JAVA_TOOL_OPTIONS");
        }
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(120, TimeUnit.SECONDS), "did not end");
        } finally {
            process.destroyForcibly();
        }
        return new Output(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }

    private static final class Output {
        private final int exitCode;
        private final String out;
        private final String err;

        Output(int exitCode, String out, String err) {
            this.exitCode = exitCode;
            this.out = out;
            this.err = err;
        }
    }
}
