package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Commanded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The commands of the jar, as a user gives them, to a JVM with Ebb and to others. */
@Execution(ExecutionMode.CONCURRENT)
class CommandIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final String LOADS = "scenario.Commanded#load as {0};scenario.Commanded#stay";

    private static final int NOBODY = 65_534;

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    /** Commands need neither the attach mechanism nor a warning of the JVM. */
    @ParameterizedTest
    @MethodSource("jdks")
    void asksAndTellsAndLeaves(Jdk jdk) throws Exception {
        Path redefined = directory.resolve("redefined.log");
        ForkedJvm.Command command = AgentJvm.command(jdk, Commanded.class, LOADS).option("-XX:+DisableAttachMechanism", "-Debb.report.dir=" + directory.resolve("reports"),
            "-Xlog:redefine+class+load=info:file=" + redefined);
        // else the purge, which loads the native library, makes the JVM warn
        try (ForkedJvm jvm = (jdk.feature() < 24 ? command : command.option("--enable-native-access=ALL-UNNAMED")).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.send("load");
            jvm.send("stay");
            jvm.await("^done stay$", LIMIT);
            log.await("load.completed", "3000004");
            String pid = Long.toString(jvm.pid());

            JsonObject status = json(jdk, "status", pid);
            assertEquals("rollback 1 3000004", status.getString("mode") + " " + status.getLong("openLoads") + " " + status.getObject("holds").getLong("directBytes"), status::toString);
            assertEquals(1, status.getObject("summary").getLong("completed"));
            assertEquals(jvm.pid(), status.getLong("pid"));
            String said = text(jdk, "status", pid);
            assertTrue(said.contains("loads open 1, holding something 1: 2.9 MiB direct\n"), said);
            assertTrue(said.contains("\nloads ended since it began: 1, of which 1 completed, 0 failed, 0 timed out, 0 abandoned; rollbacks 0, purges 0\n"), said);
            assertTrue(said.contains("\n  and held off the heap 2.9 MiB at most in half of all cases, 2.9 MiB in 9 of 10, 2.9 MiB in 99 of 100, 2.9 MiB in all\n"), said);

            JsonObject loads = json(jdk, "loads", pid);
            assertTrue(loads.getArray("loads").stream().anyMatch(load -> ((JsonObject) load).getString("label").equals("3000004") && ((JsonObject) load).getLong("directBytes") == 3_000_004),
                loads::toString);
            assertTrue(loads.getArray("loads").stream().anyMatch(load -> ((JsonObject) load).getString("state").equals("open")
                && ((JsonObject) load).getArray("inside").getObject(0).getString("thread").equals("loader </script>\u202e")), loads::toString);

            assertEquals("mode rollback\n", text(jdk, "mode", pid));
            assertEquals("observe", json(jdk, "mode", pid, "observe").getString("mode"));
            assertEquals("mode rollback, was observe\n", text(jdk, "mode", pid, "rollback"));
            refused(jdk, 1, "whatever is none of rollback, observe and off", "mode", pid, "whatever");
            assertTrue(json(jdk, "purge", pid).getLong("returnedBytes") >= 0);
            assertTrue(text(jdk, "dump", pid).contains("DIRECT 3000004 bytes taken at"));
            assertEquals(0, json(jdk, "report", pid).getArray("reports").size());

            assertEquals(1, json(jdk, "detach", pid).getLong("openLoads"));
            jvm.send("load");
            jvm.send("look");
            jvm.await("^threads \\[] bean false$", LIMIT);
            refused(jdk, 1, "there is no Ebb in process " + pid, "status", pid);
            assertEquals(List.of(), log.events("trouble"));
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT));
            assertEquals(1, log.events("load.completed").size(), "the second load is nobody's");
            assertTrue(Files.readString(redefined).contains("redefined name=scenario.Commanded, count=1"), "restored");
        }
        assertNothingLeft();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void comesLateAndAgain(Jdk jdk) throws Exception {
        ForkedJvm.Command command = AgentJvm.unwoven(jdk, Commanded.class);
        try (ForkedJvm jvm = (jdk.feature() < 21 ? command : command.option("-XX:+EnableDynamicAgentLoading")).start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("^ready$", LIMIT);
            String pid = Long.toString(jvm.pid());
            refused(jdk, 1, "ebb.lods is not an option of Ebb; did you mean ebb.loads?", "attach", pid, "lods=a.B#c");
            for (int times = 1; times <= 2; times++) {
                assertEquals("rollback", json(jdk, "attach", pid, "loads=scenario.Commanded#load as {0}").getString("mode"));
                refused(jdk, 1, "Ebb is in process " + pid + " already", "attach", pid);
                jvm.send("load");
                log.awaitCount("load.completed", "3000004", "", times);
                assertEquals(3_000_004, json(jdk, "status", pid).getObject("holds").getLong("directBytes"));
                assertTrue(text(jdk, "detach", pid).startsWith("Ebb has left: its classes are restored and its threads have ended\n"));
                jvm.send("load");
                // before the next Ebb comes
                jvm.awaitCount("^done load$", LIMIT, 2 * times);
            }
            jvm.send("look");
            jvm.await("^threads \\[] bean false$", LIMIT);
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT));
            assertEquals(2, log.events("load.completed").size());
            assertEquals(List.of(), log.events("trouble"));
        }
        assertNothingLeft();
    }

    /** A request that somebody else may have written is none, and keeps nobody from asking. */
    @Test
    void aRequestThatOthersCanWriteIsLeftAlone() throws Exception {
        Jdk jdk = Jdks.running();
        try (ForkedJvm jvm = AgentJvm.command(jdk, Commanded.class, LOADS).start()) {
            jvm.await("^ready$", LIMIT);
            String stat = Files.readString(Path.of("/proc/" + jvm.pid() + "/stat"));
            String name = ".ebb-" + jvm.pid() + "-" + stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
            List<Path> made = new ArrayList<>();
            try {
                Path open = request(made, Path.of("/tmp", name), "mode off", "rwxrwxrwx");
                Path theirs = request(made, Path.of("/var/tmp", name), "mode off", "rwx------");
                if ("root".equals(System.getProperty("user.name"))) {
                    Files.setAttribute(theirs, "unix:uid", NOBODY);
                } else {
                    Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rwxrwx---"));
                }
                // it comes to this place when it has looked at the others
                Path good = request(made, Path.of("/dev/shm", name), "status", "rwx------");
                JsonObject answer = awaitAnswer(good.resolve("answer"));
                assertEquals("rollback", answer.getString("mode"), answer::toString);
                for (Path left : List.of(open, theirs)) {
                    assertTrue(Files.exists(left.resolve("request")), left::toString);
                    assertFalse(Files.exists(left.resolve("answer")), left::toString);
                }
            } finally {
                for (Path directory : made) {
                    for (String file : List.of("request", "answer", "taken")) {
                        Files.deleteIfExists(directory.resolve(file));
                    }
                    Files.deleteIfExists(directory);
                }
            }
        }
    }

    private static Path request(List<Path> made, Path directory, String text, String permissions) throws IOException {
        made.add(Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
        Files.writeString(directory.resolve("request.part"), text);
        Files.move(directory.resolve("request.part"), directory.resolve("request"));
        return directory;
    }

    private static JsonObject awaitAnswer(Path file) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(file) && System.nanoTime() - end < 0) {
            Thread.sleep(20);
        }
        return JsonParser.object().from(Files.readString(file));
    }

    @Test
    void rootAsksTheProgramOfAnotherUserAndNobodyElseDoes() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")) && Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs root and setpriv to become somebody else");
        Jdk jdk = Jdks.running();
        Path jar = Files.copy(AgentJvm.jar(), directory.resolve("ebb-agent.jar"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path scenario = directory.resolve("scenario");
        Files.createDirectory(scenario);
        for (String name : List.of("Commanded.class", "Kept.class")) {
            Files.copy(AgentJvm.home(Commanded.class).resolve("scenario").resolve(name), scenario.resolve(name));
        }
        String[] nobody = {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
        ForkedJvm.Command command = ForkedJvm.java(jdk).under(nobody).classpath(directory).main(Commanded.class).option("-javaagent:" + jar, "-Debb.loads=" + LOADS, "-Debb.log.format=json");
        try (ForkedJvm jvm = command.start(); ForkedJvm roots = AgentJvm.command(jdk, Commanded.class, LOADS).start()) {
            jvm.await("^ready$", LIMIT);
            roots.await("^ready$", LIMIT);
            assertEquals("rollback", json(jdk, "status", Long.toString(jvm.pid())).getString("mode"));
            ForkedJvm stranger = ForkedJvm.java(jdk).under(nobody).jar(jar).args("status", Long.toString(roots.pid())).start();
            assertEquals(1, stranger.waitFor(LIMIT));
            assertTrue(stranger.stderr().contains("the process is another user's; run this as that user, or as root (it is root's, you are "), stranger::stderr);
            ForkedJvm attaching = ForkedJvm.java(jdk).under(nobody).jar(jar).args("attach", Long.toString(roots.pid()), "loads=a.B#c").start();
            assertEquals(1, attaching.waitFor(LIMIT));
            assertTrue(attaching.stderr().contains("the process is another user's; run this as that user, or as root (it is root's, you are "), attaching::stderr);
        }
    }

    /** It is not even asked: a JVM that refuses would write its stacks to the program's stdout. */
    @Test
    void aProgramThatTakesNobodyInIsLeftInPeace() throws Exception {
        Jdk jdk = Jdks.running();
        ForkedJvm.Command closed = AgentJvm.unwoven(jdk, Commanded.class).option("-XX:+DisableAttachMechanism");
        ForkedJvm.Command agentless = AgentJvm.unwoven(jdk, Commanded.class).env("JDK_JAVA_OPTIONS", "-Da=b -XX:-EnableDynamicAgentLoading");
        try (ForkedJvm one = closed.start(); ForkedJvm two = agentless.start()) {
            one.await("^ready$", LIMIT);
            two.await("^ready$", LIMIT);
            refused(jdk, 1, "was started with -XX:+DisableAttachMechanism", "attach", Long.toString(one.pid()), "loads=a.B#c");
            refused(jdk, 1, "was started with -XX:+DisableAttachMechanism", "doctor", Long.toString(one.pid()));
            refused(jdk, 1, "was started with -XX:-EnableDynamicAgentLoading", "attach", Long.toString(two.pid()), "loads=a.B#c");
            one.send("end");
            assertEquals(0, one.waitFor(LIMIT));
            assertEquals("ready\n", one.stdout());
        }
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        Jdk jdk = Jdks.running();
        refused(jdk, 2, "usage: java -jar ebb-agent.jar COMMAND PID");
        refused(jdk, 2, "ebb stauts: there is no such command; did you mean status?", "stauts", "1");
        refused(jdk, 2, "ebb explain: there is no such command; help lists all", "explain", "1");
        refused(jdk, 2, "ebb status: which process? usage: java -jar ebb-agent.jar status PID [--json]", "status");
        refused(jdk, 2, "ebb status: 'service' is no number of a process; usage: ", "status", "service");
        refused(jdk, 2, "ebb loads: '2' is one too many; usage: java -jar ebb-agent.jar loads PID", "loads", "1", "2");
        refused(jdk, 2, "ebb status: '--jsn' is one too many; usage: ", "status", "1", "--jsn");
        refused(jdk, 2, "ebb holders: of which load? usage: java -jar ebb-agent.jar holders PID LOAD", "holders", "1");
        refused(jdk, 1, "there is no process 999999999", "loads", "999999999");
        refused(jdk, 1, "there is no process 999999999", "attach", "999999999");
        assertTrue(text(jdk, "--version").matches("Ebb \\d+\\.\\d+\\.\\d+\n"));
        assertTrue(text(jdk, "help").contains("\n  status "));
        ForkedJvm json = run(jdk, "status", "999999999", "--json");
        assertEquals(1, json.waitFor(LIMIT));
        assertTrue(JsonParser.object().from(json.stdout()).getString("error").contains("there is no process"));
        ForkedJvm misused = run(jdk, "stauts", "1", "--json");
        assertEquals(2, misused.waitFor(LIMIT));
        assertTrue(JsonParser.object().from(misused.stdout()).getString("error").contains("did you mean status?"));
        assertTrue(json(jdk, "--version").getString("version").matches("\\d+\\.\\d+\\.\\d+"));
        assertEquals("status PID", json(jdk, "help").getArray("commands").stream().map(JsonObject.class::cast).map(command -> command.getString("name") + " "
            + command.getString("arguments")).findFirst().orElse(""));
    }

    /** docs/commands.md has a row for each that {@code help} lists. */
    @Test
    void eachCommandIsDocumented() throws Exception {
        Set<String> documented = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("..", "docs", "commands.md"))) {
            Matcher row = Pattern.compile("\\| `([a-z-]+) ?(.*?)` \\| .*").matcher(line);
            if (row.matches()) {
                documented.add(row.group(1) + " " + row.group(2).replace("\\|", "|").replace("…", "..."));
            }
        }
        Set<String> listed = new TreeSet<>();
        json(Jdks.running(), "help").getArray("commands").forEach(each -> listed.add(((JsonObject) each).getString("name") + " " + ((JsonObject) each).getString("arguments")));
        assertEquals(listed, documented);
    }

    @Test
    void checksOptionsAndSaysWhereEachComesFrom() throws Exception {
        Jdk jdk = Jdks.running();
        Path file = Files.writeString(directory.resolve("ebb.properties"), "ebb.loads=a.B#c\nrollback.grace=7s\n");
        JsonObject good = json(jdk, "check", file.toString(), "mode=observe");
        Set<String> expected = Set.of("ebb.loads=a.B#c ebb.config file", "ebb.rollback.grace=7s ebb.config file", "ebb.mode=observe command line", "ebb.purge=on default");
        assertTrue(good.getArray("options").stream().map(option -> (JsonObject) option)
            .map(option -> option.getString("name") + "=" + option.getString("value") + " " + option.getString("source")).toList().containsAll(expected), good::toString);
        assertTrue(text(jdk, "check", file.toString()).endsWith("no mistakes found\n"));
        Files.writeString(file, "ebb.rollback.grase=7s\nmode=obsreve\n");
        ForkedJvm bad = run(jdk, "check", file.toString());
        assertEquals(1, bad.waitFor(LIMIT));
        assertTrue(bad.stderr().contains("did you mean ebb.rollback.grace?") && bad.stderr().contains("ebb.mode=obsreve (ebb.config file) is not rollback, observe or off"), bad::stderr);
    }

    private static ForkedJvm run(Jdk jdk, String... arguments) {
        return ForkedJvm.java(jdk).jar(AgentJvm.jar()).args(arguments).start();
    }

    private static String text(Jdk jdk, String... arguments) {
        ForkedJvm command = run(jdk, arguments);
        assertEquals(0, command.waitFor(LIMIT), () -> command.failure("failed").getMessage());
        return command.stdout();
    }

    private static JsonObject json(Jdk jdk, String... arguments) throws JsonParserException {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        JsonObject answer = JsonParser.object().from(text(jdk, all));
        Set<String> unsaid = new TreeSet<>(answer.keySet());
        unsaid.removeAll(documentedFields(arguments[0]));
        assertEquals(Set.of(), unsaid, "fields of " + arguments[0] + " that docs/commands.md does not have");
        return answer;
    }

    /** Those in the first backquotes of the last column, and all others behind them. */
    private static Set<String> documentedFields(String command) {
        try {
            for (String line : Files.readAllLines(Path.of("..", "docs", "commands.md"))) {
                if (line.matches("\\| `" + command.replace("attach", "status") + "\\b.*")) {
                    String fields = line.substring(line.lastIndexOf('|', line.length() - 3));
                    return Pattern.compile("\\w+").matcher(fields).results().map(MatchResult::group).collect(Collectors.toSet());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Set.of();
    }

    private static void refused(Jdk jdk, int code, String message, String... arguments) {
        ForkedJvm command = run(jdk, arguments);
        assertEquals(code, command.waitFor(LIMIT), () -> command.failure("wrong exit code").getMessage());
        assertTrue(command.stderr().contains(message), () -> command.failure("without " + message).getMessage());
        assertEquals("", command.stdout());
    }

    private static void assertNothingLeft() throws IOException {
        for (String place : List.of("/tmp", "/dev/shm")) {
            try (Stream<Path> files = Files.list(Path.of(place))) {
                List<Path> left = files.filter(file -> file.getFileName().toString().matches("\\.ebb-\\d+-\\d+")).filter(CommandIT::isOfNobody)
                    // neither gone since it was listed
                    .filter(Files::exists).toList();
                assertEquals(List.of(), left);
            }
        }
    }

    /** Tests beside this one have theirs, of JVMs that run. */
    private static boolean isOfNobody(Path request) {
        return !Files.exists(Path.of("/proc/" + request.getFileName().toString().split("-")[1]));
    }
}
