package fleet;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A standalone Flink cluster on loopback: a coordinator and workers, each a JVM of its own by Flink's own main class, with ports and directories of its own. */
final class Cluster implements AutoCloseable {
    /** What Flink's distribution passes by {@code env.java.opts.all}, as far as its parts in use here want it. */
    private static final List<String> OPENED = List.of("java.lang", "java.net", "java.io", "java.nio", "java.lang.reflect", "java.text", "java.time", "java.util", "java.util.concurrent",
        "java.util.concurrent.atomic", "java.util.concurrent.locks");
    private static final Pattern SUBMITTED = Pattern.compile("JobID ([0-9a-f]{32})");

    private static final int START_SECONDS = 240;

    private final Path directory;
    private final Path lib;
    private final Path configuration;
    private final String java;
    private final int restPort = freePort();
    private final Rest rest = new Rest(restPort);
    private final Jvm coordinator;
    private final Map<String, String> workerEnvironment;
    private final List<Jvm> workers = new ArrayList<>();

    /**
     * @param lib Flink's jars
     * @param workerEnvironment what the operator adds to the environment of each worker; {@code %WORKER%} in it stands for the worker's name
     */
    Cluster(Path directory, Path lib, Map<String, String> workerEnvironment) throws IOException {
        this.directory = directory;
        this.lib = lib;
        java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        configuration = Files.createDirectories(directory.resolve("conf"));
        int rpcPort = freePort();
        Files.writeString(configuration.resolve("config.yaml"), settings(rpcPort));
        Files.writeString(configuration.resolve("log4j2.properties"), """
            rootLogger.level = INFO
            rootLogger.appenderRef.out.ref = out
            appender.out.name = out
            appender.out.type = CONSOLE
            appender.out.layout.type = PatternLayout
            appender.out.layout.pattern = %d %-5p %c - %m%n
            """);
        coordinator = new Jvm("coordinator", command("512m", List.of(), "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            List.of("--configDir", configuration.toString(), "--executionMode", "cluster", "-D", "io.tmp.dirs=" + Files.createDirectories(directory.resolve("coordinator")))), Map.of(), directory);
        this.workerEnvironment = workerEnvironment;
    }

    /** They come up one after the other: two processors that start four JVMs at once make them miss limits of time of Flink's own. */
    void start(int count) throws IOException, InterruptedException {
        Patience.until("the coordinator answers", START_SECONDS, () -> known() >= 0);
        for (int i = 1; i <= count; i++) {
            workers.add(startWorker("worker-" + i, workerEnvironment));
            int expected = i;
            Patience.until("worker-" + i + " is known to the coordinator", START_SECONDS, () -> known() == expected);
        }
    }

    /** Workers that the coordinator knows, -1 if it does not answer yet. */
    private int known() throws IOException, InterruptedException {
        for (Jvm jvm : Stream.concat(Stream.of(coordinator), workers.stream()).toList()) {
            if (!jvm.isAlive()) {
                throw new IOException(jvm.name() + " has ended:\n" + jvm.output());
            }
        }
        try {
            return rest().workers();
        } catch (IOException e) {
            // it does not listen yet, or is not ready to tell
            return -1;
        }
    }

    private Jvm startWorker(String name, Map<String, String> environment) throws IOException {
        Path own = Files.createDirectories(directory.resolve(name));
        Map<String, String> its = new TreeMap<>();
        environment.forEach((key, value) -> its.put(key, value.replace("%WORKER%", name)));
        return new Jvm(name, command("384m", List.of("-Xms384m", "-XX:+AlwaysPreTouch", "-XX:MaxMetaspaceSize=256m", "-XX:MaxDirectMemorySize=256m", "-Dfleet.worker=" + name), "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
            List.of("--configDir", configuration.toString(), "-D", "taskmanager.resource-id=" + name, "-D", "io.tmp.dirs=" + own)), its, directory);
    }

    private List<String> command(String heap, List<String> options, String main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(java, "-Xmx" + heap, "-XX:+UseG1GC", "-XX:TieredStopAtLevel=1", "-Dlog4j2.configurationFile=" + configuration.resolve("log4j2.properties"), "-cp", lib + File.separator + "*"));
        OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        command.addAll(options);
        command.add(main);
        command.addAll(arguments);
        return command;
    }

    /** What Flink's scripts work out for a worker from {@code taskmanager.memory.process.size} is said one by one, since its main class is started without them. */
    private String settings(int rpcPort) {
        return """
            jobmanager.rpc.address: 127.0.0.1
            jobmanager.rpc.port: %d
            jobmanager.bind-host: 127.0.0.1
            jobmanager.memory.process.size: 1024m
            rest.address: 127.0.0.1
            rest.bind-address: 127.0.0.1
            pekko.startup-timeout: 120s
            pekko.ask.timeout: 60s
            rest.port: %d
            taskmanager.host: 127.0.0.1
            taskmanager.bind-host: 127.0.0.1
            taskmanager.numberOfTaskSlots: 2
            taskmanager.load-balance.mode: SLOTS
            taskmanager.cpu.cores: 1
            taskmanager.memory.framework.heap.size: 128m
            taskmanager.memory.framework.off-heap.size: 128m
            taskmanager.memory.task.heap.size: 256m
            taskmanager.memory.task.off-heap.size: 0m
            taskmanager.memory.network.min: 64m
            taskmanager.memory.network.max: 64m
            taskmanager.memory.managed.size: 128m
            taskmanager.memory.jvm-metaspace.size: 256m
            taskmanager.memory.jvm-overhead.min: 192m
            taskmanager.memory.jvm-overhead.max: 192m
            parallelism.default: 3
            state.backend.type: rocksdb
            execution.checkpointing.interval: 5s
            execution.checkpointing.dir: %s
            restart-strategy.type: fixed-delay
            restart-strategy.fixed-delay.attempts: 1000000
            restart-strategy.fixed-delay.delay: 2s
            """.formatted(rpcPort, restPort, directory.resolve("checkpoints").toUri());
    }

    Rest rest() {
        return rest;
    }

    Jvm coordinator() {
        return coordinator;
    }

    List<Jvm> workers() {
        return workers;
    }

    /** By Flink's own command line. @return the job's number */
    String submit(Path jar, String main, List<String> arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("run", "--detached", "--jobmanager", "127.0.0.1:" + restPort, "--class", main, jar.toString()));
        all.addAll(arguments);
        String name = "submit-" + main.substring(main.lastIndexOf('.') + 1);
        try (Jvm client = new Jvm(name, command("256m", List.of(), "org.apache.flink.client.cli.CliFrontend", all), Map.of("FLINK_CONF_DIR", configuration.toString()), directory)) {
            Patience.until("the client has submitted " + main, 240, () -> !client.isAlive());
            Matcher submitted = SUBMITTED.matcher(client.output());
            if (!submitted.find()) {
                throw new IOException("The job was not submitted; the client says:\n" + client.output());
            }
            return submitted.group(1);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        workers.forEach(Jvm::close);
        coordinator.close();
    }
}
