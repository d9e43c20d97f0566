package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.Accounts;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.NewerScenarios;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.ledgers.Matrix;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Every kind of thing that a load can take, by every route into a thread, with every ending: each load's line in the log has exactly what the program says
 * that it holds, and the loads that are open beside them have theirs. What a JDK makes impossible is named in {@link #MISSES}, and in no cell else
 * something is missing; docs/recording-matrix.md tells it to the users.
 */
@Execution(ExecutionMode.CONCURRENT)
class MatrixIT {
    private static final Path REPORT = Path.of("..", "docs", "recording-matrix.md"); // tests run in the module's directory
    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** Objects on the way: the route's tasks and threads, class loading, Ebb's records. Less than the smallest array of a cell. */
    private static final long HEAP_TOLERANCE = 700_000;
    private static final Pattern LOAD_LINE = Pattern.compile("\"event\":\"load\\.[^\"]*\",\"load\":\\d+,\"label\":\"([^\"]*)\"");
    private static final String ANY = ".*";

    private static final List<Miss> MISSES = List.of(
        new Miss(21, 99, "heap", "virtual-thread|virtual-thread-that-slept|virtual-thread-woken-by-another-load|virtual-per-task|structured-scope", ANY,
            "the JVM counts no heap bytes for virtual threads"));

    /** Cells that miss something, as regular expressions over their axes. */
    private record Miss(int fromJdk, int toJdk, String kind, String route, String ending, String why) {
        boolean is(Jdk jdk, String label) {
            String[] axes = label.split("/");
            return jdk.feature() >= fromJdk && jdk.feature() <= toJdk && axes[0].matches(ending) && axes[1].matches(kind) && axes[2].matches(route);
        }
    }

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void everyCellIsRightToTheByte(Jdk jdk) throws Exception {
        try (ForkedJvm jvm = command(jdk).start()) {
            EbbLog log = new EbbLog(jvm);
            for (String ending : endings(jvm)) {
                jvm.await("^ran " + ending + "$", LIMIT);
                Set<String> labels = Accounts.of(jvm.stdout()).byLabel().keySet().stream().filter(label -> label.startsWith(ending + "/")).collect(Collectors.toSet());
                jvm.awaitEach(labels, MatrixIT::label, LIMIT);
                jvm.send("");
            }
            log.assertUntroubled(0);
            Accounts accounts = Accounts.of(jvm.stdout());
            Map<String, List<String>> misses = misses(accounts, log);
            Map<String, List<String>> unnamed = new TreeMap<>(misses);
            unnamed.keySet().removeIf(label -> MISSES.stream().anyMatch(miss -> miss.is(jdk, label)));
            assertEquals("", lines(unnamed), () -> unnamed.size() + " cells of " + accounts.byLabel().size() + " are wrong");
            Set<String> nowRight = new TreeSet<>(accounts.byLabel().keySet());
            nowRight.removeAll(misses.keySet());
            nowRight.removeIf(label -> MISSES.stream().noneMatch(miss -> miss.is(jdk, label)));
            assertEquals(Set.of(), nowRight, "these are named as misses, and are right");
            assertReported(jdk, jvm.stdout(), accounts);
        }
    }

    private ForkedJvm.Command command(Jdk jdk) throws Exception {
        String loads = "scenario.ledgers.Loads#";
        ForkedJvm.Command command = AgentJvm.command(jdk, Matrix.class, loads + "load as {0}", loads + "limited as {0}", loads + "part")
            .option("-Debb.mode=observe", "-Debb.rollback.grace=3s", "-Debb.load.timeout=" + loads + "limited=4s", "-Debb.track=scenario.ledgers.Handle")
            // else JDK 17 starts a thread for each task of the common pool where there are two processors
            .option("-Djava.util.concurrent.ForkJoinPool.common.parallelism=2")
            .args(Files.createDirectory(directory.resolve("files")).toString());
        if (jdk.feature() >= 25) {
            Path classes = directory.resolve("classes");
            NewerScenarios.compileWithPreview(jdk, "scenario/ledgers/NewerMatrix", Matrix.class, classes);
            command.option("--enable-preview", "--sun-misc-unsafe-memory-access=allow").classpath(classes, AgentJvm.home(Matrix.class)).main("scenario.ledgers.NewerMatrix");
        }
        return command;
    }

    private static List<String> endings(ForkedJvm jvm) {
        return List.of(jvm.await("^endings (.*)$", LIMIT).group(1).split(" "));
    }

    /** The label of a load in the line that tells its end, or null. */
    private static String label(String line) {
        Matcher matcher = LOAD_LINE.matcher(line);
        return matcher.find() ? matcher.group(1) : null;
    }

    /** What is wrong, by label. */
    private static Map<String, List<String>> misses(Accounts accounts, EbbLog log) {
        Map<String, List<JsonObject>> ends = new HashMap<>();
        for (JsonObject event : log.events()) {
            if (event.getString("event").startsWith("load.")) {
                ends.computeIfAbsent(event.getString("label"), label -> new ArrayList<>()).add(event);
            }
        }
        Map<String, List<String>> misses = new TreeMap<>();
        accounts.byLabel().forEach((label, account) -> {
            List<JsonObject> lines = ends.getOrDefault(label, List.of());
            List<String> differences = lines.size() == 1 ? account.differences(lines.get(0), HEAP_TOLERANCE) : List.of(lines.size() + " ends");
            if (!differences.isEmpty()) {
                misses.put(label, differences);
            }
        });
        return misses;
    }

    private static String lines(Map<String, List<String>> misses) {
        StringBuilder text = new StringBuilder();
        misses.forEach((label, differences) -> text.append(label).append(": ").append(String.join(", ", differences)).append('\n'));
        return text.toString();
    }

    private static void assertReported(Jdk jdk, String stdout, Accounts accounts) throws Exception {
        if (jdk.feature() == 17 || jdk.feature() == 25) {
            String section = section(jdk, stdout, accounts);
            assertTrue(Files.readString(REPORT).contains(section), () -> REPORT + " should have:\n" + section);
        }
    }

    /** What the report says of one JDK. */
    private static String section(Jdk jdk, String stdout, Accounts accounts) {
        List<String> kinds = axis(stdout, "kinds");
        List<String> routes = axis(stdout, "routes");
        List<String> endings = axis(stdout, "endings");
        List<String> impossible = stdout.lines().filter(line -> line.startsWith("impossible ")).map(line -> line.substring("impossible ".length())).toList();
        long siblings = accounts.byLabel().keySet().stream().filter(label -> label.contains("/sibling/")).count();
        long children = accounts.byLabel().keySet().stream().filter(label -> label.endsWith("/child")).count();
        long cells = accounts.byLabel().size() - siblings - children;
        long missed = accounts.byLabel().keySet().stream().filter(label -> MISSES.stream().anyMatch(miss -> miss.is(jdk, label))).count();
        StringBuilder text = new StringBuilder("## JDK " + jdk.feature() + "\n\n");
        text.append(kinds.size() + " kinds × " + routes.size() + " routes × " + endings.size() + " endings: " + cells + " cells, " + missed + " of them miss something; "
            + children + " loads inside loads and " + siblings + " loads beside them.\n\n");
        text.append("- Kinds: " + String.join(", ", kinds) + "\n- Routes: " + String.join(", ", routes) + "\n- Endings: " + String.join(", ", endings) + "\n\n");
        text.append("| kind | route | ending | missed because |\n|---|---|---|---|\n");
        MISSES.stream().filter(miss -> jdk.feature() >= miss.fromJdk && jdk.feature() <= miss.toJdk)
            .forEach(miss -> text.append("| " + name(miss.kind) + " | " + name(miss.route) + " | " + name(miss.ending) + " | " + miss.why + " |\n"));
        text.append(impossible.isEmpty() ? "" : "\nNo cells: " + String.join("; ", impossible) + ".\n");
        return text.toString();
    }

    private static List<String> axis(String stdout, String name) {
        return List.of(stdout.lines().filter(line -> line.startsWith(name + " ")).findFirst().orElseThrow().substring(name.length() + 1).split(" "));
    }

    private static String name(String pattern) {
        return pattern.equals(ANY) ? "any" : pattern.replace("|", " or ");
    }
}
