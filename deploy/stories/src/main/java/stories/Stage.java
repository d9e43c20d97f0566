package stories;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts the JVMs in which a story is played. */
final class Stage {
    private static final long LONGEST_SECONDS = 180;

    private final Settings settings;
    private final Told told;
    private final Path directory;

    Stage(Settings settings, Told told) throws IOException {
        this.settings = settings;
        this.told = told;
        directory = Files.createDirectories(settings.out().resolve(told.story()));
    }

    void make() throws IOException, InterruptedException {
        run("make", List.of(), List.of("make", story(), directory.resolve("sound").toString()));
    }

    /** @param name of the files that this play leaves @param way null to play it without Ebb */
    Seen play(String name, Told.Way way) throws IOException, InterruptedException {
        List<String> agent = new ArrayList<>();
        if (way != null) {
            agent.addAll(List.of("-javaagent:" + settings.agent(), "-Debb.loads=" + story() + "#load", "-Debb.rollback.on=failure", "-Debb.log.file=" + directory.resolve(name + ".log")));
            way.options().forEach(option -> agent.add("-D" + option));
        }
        Path seen = directory.resolve(name + ".properties");
        run(name, agent, List.of("play", story(), directory.resolve("sound").toString(), directory.resolve(name).toString(), seen.toString()));
        return Seen.read(seen);
    }

    /** Whether Ebb has said so in the play of that name. */
    boolean says(String name, String words) throws IOException {
        return Files.readString(directory.resolve(name + ".log")).contains(words);
    }

    private String story() {
        return "stories.told." + told.story();
    }

    private void run(String name, List<String> agent, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        // a heap that is resident from the start, and that no collection is needed in while a story is played
        command.addAll(List.of("-Xms512m", "-Xmx512m", "-Xmn400m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
        // what engines of those years ask for on the JDKs of today
        command.addAll(List.of("--add-opens=java.base/java.nio=ALL-UNNAMED"));
        command.addAll(agent);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "stories.Play"));
        command.addAll(arguments);
        Path output = directory.resolve(name + ".out");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("EBB_") || key.equals("JAVA_TOOL_OPTIONS") || key.equals("JDK_JAVA_OPTIONS"));
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new IOException(told.story() + " took longer than " + LONGEST_SECONDS + " s; see " + output);
        }
        if (process.exitValue() != 0) {
            throw new IOException(told.story() + " ended with " + process.exitValue() + "; see " + output);
        }
    }
}
