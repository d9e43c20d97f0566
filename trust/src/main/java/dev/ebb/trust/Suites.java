package dev.ebb.trust;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Runs test suites that others wrote, unchanged, without Ebb and with it, and compares what became of each test. A one-file program: {@code trust/suites} runs it.
 * Arguments: the agent's jar, a directory for what is written, JDK homes separated by commas, and the poms of suites; for each of these the class path stands in
 * the directory, in a file with the suite's name and {@code .cp}.
 *
 * <p>Each suite runs twice without Ebb, since a test that comes out in two ways there tells nothing; with Ebb that watches nothing; with Ebb and one load that is
 * open from the first test to the last; and with each test in a load of its own. Where a test comes out differently with Ebb, its class is run again, several
 * times without and with, which tells a flaky test from one that Ebb breaks.
 */
public final class Suites {
    private static final long LIMIT_SECONDS = 1800;
    private static final int AGAIN = 5;
    private static final String ALL = "org.junit.platform.console.tasks.ConsoleTestExecutor#execute";
    /** What calls one test, by the artifact of the engine that a suite has on its class path. */
    private static final Map<String, String> EACH = Map.of("junit-jupiter-engine", "org.junit.jupiter.engine.descriptor.TestMethodTestDescriptor#invokeTestMethod",
        "junit-vintage-engine", "junit.framework.TestCase#runBare", "testng-engine", "org.testng.internal.invokers.MethodInvocationHelper#invokeMethod");
    private static final Pattern UNIQUE_ID = Pattern.compile("unique-id: (.*)");

    private final Path agent;
    private final Path out;
    private boolean different;

    private Suites(Path agent, Path out) {
        this.agent = agent;
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        Suites suites = new Suites(Path.of(args[0]).toAbsolutePath(), Path.of(args[1]).toAbsolutePath());
        System.out.println("| suite | JDK | tests | passed | failed | skipped | flaky without Ebb | different: watching nothing | in one load | each a load | loads | rolled back | troubles | seconds without, with Ebb |");
        System.out.println("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|");
        for (int i = 3; i < args.length; i++) {
            for (String jdk : args[2].split(",")) {
                suites.compare(Suite.read(Path.of(args[i])), Path.of(jdk));
            }
        }
        // whatever was seen to be different is named above
        System.exit(suites.different ? 1 : 0);
    }

    private void compare(Suite suite, Path jdk) throws Exception {
        String name = suite.name + "-" + feature(jdk);
        Result first = run(suite, jdk, name + "-plain", List.of(), List.of());
        Result second = run(suite, jdk, name + "-plain-again", List.of(), List.of());
        Set<String> flaky = difference(first, second, Set.of());
        Map<String, List<String>> ways = new LinkedHashMap<>();
        ways.put("watching nothing", List.of());
        ways.put("in one load", List.of("-Debb.loads=" + ALL));
        ways.put("each a load", List.of("-Debb.loads=" + each(suite)));
        StringBuilder differences = new StringBuilder();
        StringBuilder seconds = new StringBuilder(first.seconds + " " + second.seconds + ",");
        StringBuilder columns = new StringBuilder();
        int loads = 0;
        int rolledBack = 0;
        int troubles = 0;
        for (Map.Entry<String, List<String>> way : ways.entrySet()) {
            List<String> options = ebb(way.getValue());
            Result with = run(suite, jdk, name + "-ebb-" + way.getKey().replace(' ', '-'), options, List.of());
            // an agent that was not there, or saw nothing, would let each test pass
            require(with.started == 1, name + ", " + way.getKey() + ": Ebb did not start");
            require(way.getValue().isEmpty() || with.loads > 0 || with.open > 0, name + ", " + way.getKey() + ": Ebb saw no load");
            Set<String> other = difference(first, with, flaky);
            columns.append(" | ").append(other.size());
            // the one load is told when it ends, and it does not while a thread that a test has left behind goes on
            loads += Math.max(with.loads, with.open);
            rolledBack += with.rolledBack;
            troubles += with.troubles;
            seconds.append(' ').append(with.seconds);
            if (!other.isEmpty()) {
                differences.append(again(suite, jdk, name + "-again-" + way.getKey().replace(' ', '-'), options, other, first, with, way.getKey()));
            }
            for (String trouble : with.troubleLines) {
                differences.append("  - ").append(way.getKey()).append(": ").append(trouble).append('\n');
            }
        }
        System.out.println("| " + suite.name + " | " + feature(jdk) + " | " + first.tests.size() + " | " + first.count("passed") + " | " + first.count("failed") + " | "
            + first.count("skipped") + " | " + flaky.size() + columns + " | " + loads + " | " + rolledBack + " | " + troubles + " | " + seconds + " |");
        for (String test : flaky) {
            System.err.println(name + ": flaky without Ebb: " + test + ": " + first.tests.get(test) + ", " + second.tests.get(test));
        }
        System.err.print(differences.length() == 0 ? "" : name + ":\n" + differences);
    }

    private String each(Suite suite) throws IOException {
        String classpath = Files.readString(out.resolve(suite.name + ".cp"));
        return EACH.entrySet().stream().filter(engine -> classpath.contains("/" + engine.getKey() + "-")).map(Map.Entry::getValue).collect(Collectors.joining(";"));
    }

    private List<String> ebb(List<String> options) {
        List<String> all = new ArrayList<>(List.of("-javaagent:" + agent, "-Debb.presets=auto", "-Debb.log.format=json"));
        all.addAll(options);
        return all;
    }

    /** Runs the classes of these tests several times without and with Ebb, and says how often each test came out as it did at first without. */
    private String again(Suite suite, Path jdk, String name, List<String> options, Set<String> tests, Result without, Result with, String way) throws Exception {
        Set<String> classes = new TreeSet<>();
        tests.forEach(test -> classes.add(without.classOf(test, with)));
        Map<String, int[]> same = new TreeMap<>();
        tests.forEach(test -> same.put(test, new int[2]));
        for (int i = 0; i < AGAIN; i++) {
            for (int ebb = 0; ebb < 2; ebb++) {
                Result result = run(suite, jdk, name + (ebb == 1 ? "-ebb-" : "-plain-") + i, ebb == 1 ? options : List.of(), List.copyOf(classes));
                for (String test : tests) {
                    same.get(test)[ebb] += without.status(test).equals(result.status(test)) ? 1 : 0;
                }
            }
        }
        StringBuilder text = new StringBuilder();
        for (String test : tests) {
            int[] counts = same.get(test);
            boolean broken = counts[1] < counts[0];
            different |= broken;
            text.append("  - ").append(way).append(": ").append(broken ? "DIFFERENT " : "not told from chance ").append(test).append(": ").append(without.status(test)).append(" without, ")
                .append(with.status(test)).append(" with Ebb; as without in ").append(counts[0]).append(" of ").append(AGAIN).append(" further runs without, in ").append(counts[1])
                .append(" of ").append(AGAIN).append(" with\n");
        }
        return text.toString();
    }

    private static Set<String> difference(Result one, Result other, Set<String> without) {
        Set<String> tests = new TreeSet<>(one.tests.keySet());
        tests.addAll(other.tests.keySet());
        tests.removeIf(test -> one.status(test).equals(other.status(test)) || without.contains(test));
        return tests;
    }

    private Result run(Suite suite, Path jdk, String name, List<String> options, List<String> classes) throws Exception {
        Path directory = out.resolve(name);
        delete(directory);
        Files.createDirectories(directory.resolve("work"));
        String classpath = Files.readString(out.resolve(suite.name + ".cp")).strip();
        List<String> command = new ArrayList<>(List.of(jdk.resolve("bin/java").toString()));
        command.addAll(suite.options);
        command.addAll(options);
        if (!options.isEmpty()) {
            command.add("-Debb.log.file=" + directory.resolve("ebb.log"));
        }
        command.addAll(List.of("-cp", classpath, "org.junit.platform.console.ConsoleLauncher", "execute", "--reports-dir=" + directory, "--details=none", "--disable-banner"));
        if (classes.isEmpty()) {
            command.add("--scan-classpath=" + Stream.of(classpath.split(File.pathSeparator)).filter(entry -> entry.endsWith("/" + suite.jar)).findFirst().orElseThrow());
            command.add("--include-classname=" + suite.classes);
            if (!suite.without.isEmpty()) {
                command.add("--exclude-classname=" + suite.without);
            }
        } else {
            classes.forEach(type -> command.add("--select-class=" + type));
        }
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command).directory(directory.resolve("work").toFile()).redirectErrorStream(true).redirectOutput(directory.resolve("output").toFile()).start();
        int open = options.stream().anyMatch(option -> option.startsWith("-Debb.loads=")) ? seeOpenLoad(jdk, process) : 0;
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            System.err.println(name + ": did not end within " + LIMIT_SECONDS + " s");
        }
        Result result = new Result((System.nanoTime() - start + 500_000_000) / 1_000_000_000);
        result.open = open;
        // 0 and 1: all passed, some failed; anything else is no run of the tests
        require(process.exitValue() == 0 || process.exitValue() == 1, name + ": exit code " + process.exitValue() + ", see " + directory.resolve("output"));
        result.readReports(directory);
        result.readLog(directory.resolve("ebb.log"));
        require(!result.tests.isEmpty(), name + ": no test was run");
        delete(directory.resolve("work"));
        return result;
    }

    /** Asks Ebb in the process until a load is open, or the process has ended. @return how many are */
    private int seeOpenLoad(Path jdk, Process process) throws Exception {
        while (!process.waitFor(2, TimeUnit.SECONDS)) {
            Process command = new ProcessBuilder(jdk.resolve("bin/java").toString(), "-jar", agent.toString(), "status", "" + process.pid(), "--json").redirectError(ProcessBuilder.Redirect.DISCARD).start();
            Matcher loads = Pattern.compile("\"openLoads\":([1-9]\\d*)").matcher(new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            if (loads.find()) {
                return Integer.parseInt(loads.group(1));
            }
        }
        return 0;
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            different = true;
            System.err.println("FAILED " + otherwise);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    private static String feature(Path jdk) throws IOException {
        Matcher version = Pattern.compile("JAVA_VERSION=\"(\\d+)").matcher(Files.readString(jdk.resolve("release")));
        return version.find() ? version.group(1) : "?";
    }

    /** What a suite's pom says of it. */
    private record Suite(String name, String jar, String classes, String without, List<String> options) {
        static Suite read(Path pom) throws Exception {
            Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
            String options = text(document, "suite.options");
            return new Suite(text(document, "artifactId"), text(document, "suite.jar"), text(document, "suite.classes"), text(document, "suite.without"),
                options.isEmpty() ? List.of() : List.of(options.split(" +")));
        }

        private static String text(Document document, String element) {
            return document.getElementsByTagName(element).item(0).getTextContent().strip();
        }
    }

    /** What became of each test of one run, by the test's unique id, and what Ebb's log says. */
    private static final class Result {
        final long seconds;
        final Map<String, String> tests = new TreeMap<>();
        final Map<String, String> classes = new TreeMap<>();
        final Set<String> troubleLines = new TreeSet<>();
        int started;
        int open;
        int loads;
        int rolledBack;
        int troubles;

        Result(long seconds) {
            this.seconds = seconds;
        }

        String status(String test) {
            return tests.getOrDefault(test, "not run");
        }

        long count(String status) {
            return tests.values().stream().filter(status::equals).count();
        }

        String classOf(String test, Result other) {
            return classes.containsKey(test) ? classes.get(test) : other.classes.get(test);
        }

        void readReports(Path directory) throws Exception {
            try (DirectoryStream<Path> reports = Files.newDirectoryStream(directory, "TEST-*.xml")) {
                for (Path report : reports) {
                    NodeList cases = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile()).getElementsByTagName("testcase");
                    for (int i = 0; i < cases.getLength(); i++) {
                        add((Element) cases.item(i));
                    }
                }
            }
        }

        private void add(Element test) {
            String status = has(test, "failure") || has(test, "error") ? "failed" : has(test, "skipped") ? "skipped" : "passed";
            NodeList output = test.getElementsByTagName("system-out");
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < output.getLength(); i++) {
                text.append(output.item(i).getTextContent()).append('\n');
            }
            Matcher id = UNIQUE_ID.matcher(text);
            String key = id.find() ? id.group(1).strip() : test.getAttribute("classname") + "#" + test.getAttribute("name");
            // the same id twice is a test that was run twice: worse counts
            tests.merge(key, status, (a, b) -> a.equals("failed") ? a : b);
            classes.put(key, test.getAttribute("classname"));
        }

        private static boolean has(Element test, String child) {
            return test.getElementsByTagName(child).getLength() > 0;
        }

        void readLog(Path log) throws IOException {
            if (!Files.exists(log)) {
                return;
            }
            try (Stream<String> lines = Files.lines(log)) {
                for (String line : lines.collect(Collectors.toList())) {
                    started += line.contains("\"event\":\"ebb.started\"") ? 1 : 0;
                    loads += line.contains("\"event\":\"load.") ? 1 : 0;
                    rolledBack += line.contains("\"event\":\"rollback.done\"") ? 1 : 0;
                    // that nothing is watched is what is wanted there
                    if (line.contains("\"event\":\"trouble\"") && !line.contains("\"where\":\"ebb.presets\"")) {
                        troubles++;
                        troubleLines.add(line);
                    }
                }
            }
        }
    }
}
