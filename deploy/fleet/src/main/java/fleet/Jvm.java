package fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One JVM of the cluster, whose output goes to a file. */
final class Jvm implements AutoCloseable {
    private static final long PAGE_BYTES = 4096;

    private final String name;
    private final Path output;
    private final Process process;

    Jvm(String name, List<String> command, Map<String, String> environment, Path directory) throws IOException {
        this.name = name;
        output = directory.resolve(name + ".out");
        ProcessBuilder builder = new ProcessBuilder(command).directory(Files.createDirectories(directory).toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
        // the agent is added by the cluster's operator, not by whoever starts this program
        builder.environment().keySet().removeIf(key -> key.startsWith("EBB_") || key.equals("JAVA_TOOL_OPTIONS") || key.equals("JDK_JAVA_OPTIONS"));
        builder.environment().putAll(environment);
        process = builder.start();
        // whoever interrupts this program leaves no cluster behind
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Of the whole process; 0 once it is gone. */
    long residentBytes() {
        try {
            return Long.parseLong(Files.readString(Path.of("/proc/" + process.pid() + "/statm")).split(" ")[1]) * PAGE_BYTES;
        } catch (IOException e) {
            return 0;
        }
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    String name() {
        return name;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
