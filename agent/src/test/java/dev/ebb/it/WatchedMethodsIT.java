package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.Preloader;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.FailingSuper;
import scenario.WatchedMethods;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Which methods a pattern makes loads of, and that every load counts once, whatever shape its method has; with all classes verified. */
class WatchedMethodsIT {
    private static final String[] LOADS = {
        "scenario.Shapes#ofClass", "scenario.Shapes#ofObject", "scenario.Shapes#ofObjectPrivate", "scenario.Shapes#ofObjectSynchronized",
        "scenario.Shapes#ofClassSynchronized", "scenario.Shapes#generic", "scenario.Shapes$WithDefault#byDefault", "scenario.Shapes#over",
        "scenario.Shapes#recursive", "scenario.Shapes#allArguments as {4}", "scenario.Shapes#gives*", "scenario.Shapes#branches", "scenario.Shapes#fails",
        "scenario.Shapes.Wild#load*Now", "scenario.Shapes$Arguments#open(java.lang.String,int,..)", "scenario.Shapes$Arguments#array(int[],String...)",
        "scenario.Shapes$Arguments#none()", "scenario.Shapes$Labels#load as {this}:{0}/{1}/{2}/{3}/{4}/{9}",
        "scenario.Constructors$Plain#new", "scenario.Constructors$Branching#<init> as {1}", "scenario.Constructors$Branching#load as {0}",
        "scenario.Constructors$Delegating#new", "scenario.Constructors$FailsBefore#new", "scenario.Constructors$FailsAfter#new",
        "scenario.Types$Loader+#load*", "scenario.Types$Engine+#open(int)", "@scenario.Types$Loading",
        "scenario.Plugin#load", "scenario.Old47#load", "scenario.Old47#new", "scenario.Old49#load", "scenario.Old49#new as {0}", "scenario.Old50#load",
        "scenario.Old50#new",
    };

    /** In the order of the scenario: outcome, method, label and direct bytes of every load. */
    private static final List<String> EXPECTED = List.of(
        "completed scenario.Shapes#ofClass - 30002016",
        "completed scenario.Shapes#ofObject - 20002",
        "completed scenario.Shapes#ofObjectPrivate - 20003",
        "completed scenario.Shapes#ofObjectSynchronized - 20004",
        "completed scenario.Shapes#ofClassSynchronized - 20005",
        "completed scenario.Shapes#generic - 20006",
        "completed scenario.Shapes$WithDefault#byDefault - 20007",
        "completed scenario.Shapes#over - 60024",
        "completed scenario.Shapes#recursive - 100045",
        "completed scenario.Shapes#allArguments 20010 20010",
        "completed scenario.Shapes#givesBoolean - 20011",
        "completed scenario.Shapes#givesByte - 20012",
        "completed scenario.Shapes#givesChar - 20013",
        "completed scenario.Shapes#givesShort - 20014",
        "completed scenario.Shapes#givesInt - 20015",
        "completed scenario.Shapes#givesLong - 20016",
        "completed scenario.Shapes#givesFloat - 20017",
        "completed scenario.Shapes#givesDouble - 20018",
        "completed scenario.Shapes#givesArray - 20019",
        "completed scenario.Shapes#givesNull - 20020",
        "completed scenario.Shapes#branches - 20021",
        "failed scenario.Shapes#fails - 20022",
        "completed scenario.Shapes$Wild#loadNow - 20101",
        "completed scenario.Shapes$Wild#loadSegmentNow - 20102",
        "completed scenario.Shapes$Arguments#open - 20201",
        "completed scenario.Shapes$Arguments#open - 20202",
        "completed scenario.Shapes$Arguments#array - 20301",
        "completed scenario.Shapes$Arguments#none - 20501",
        "completed scenario.Shapes$Labels#load Labels:segment \"7\"/-7/0.25/HOT/Object[]/? 20601",
        "completed scenario.Constructors$Plain#<init> - 21001",
        "completed scenario.Constructors$Branching#<init> direct 21002",
        "completed scenario.Constructors$Branching#load 21003 21003",
        "completed scenario.Constructors$Delegating#<init> - 42008",
        "failed scenario.Constructors$FailsBefore#<init> - 21005",
        "failed scenario.Constructors$FailsAfter#<init> - 21006",
        "completed scenario.Types$Direct#loadIt - 22001",
        "completed scenario.Types$Loader#loadByDefault - 22003",
        "completed scenario.Types$Deep#loadIt - 22004",
        "completed scenario.Types$Deep#loadIt - 22005",
        "completed scenario.Types$Overrides#loadIt - 44012",
        "completed scenario.Types$Overrides#loadByDefault - 22007",
        "completed scenario.WatchedMethods$1#loadIt - 22009",
        "completed scenario.Types$Engine#open - 22101",
        "completed scenario.Types$SubEngine#open - 22102",
        "completed scenario.Types$Annotated#<init> - 22201",
        "completed scenario.Types$Annotated#marked - 22202",
        "completed scenario.Plugin#load - 23001",
        "completed scenario.Plugin#load - 23002",
        "completed scenario.Old47#load - 46294",
        "completed scenario.Old47#<init> - 23247",
        "completed scenario.Old49#load - 46298",
        "completed scenario.Old49#<init> 23249 23249",
        "completed scenario.Old50#load - 46300",
        "completed scenario.Old50#<init> - 23250");

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void inClassesLoadedAfterTheAgent(Jdk jdk) {
        assertEveryLoad(AgentJvm.command(jdk, WatchedMethods.class, LOADS));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void inClassesLoadedBeforeTheAgent(Jdk jdk) throws IOException {
        String loaded = "scenario.WatchedMethods,scenario.WatchedMethods$1,scenario.Plugin,scenario.Shapes,scenario.Shapes$WithDefault,scenario.Shapes$Wild,"
            + "scenario.Shapes$Arguments,scenario.Shapes$Labels,scenario.Constructors$Plain,scenario.Constructors$Branching,scenario.Constructors$Delegating,"
            + "scenario.Constructors$FailsBefore,scenario.Constructors$FailsAfter,scenario.Types$Loader,scenario.Types$Direct,scenario.Types$Deep,"
            + "scenario.Types$Inherits,scenario.Types$Overrides,scenario.Types$Engine,scenario.Types$SubEngine,scenario.Types$Annotated";
        assertEveryLoad(AgentJvm.unwoven(jdk, WatchedMethods.class).option("-javaagent:" + preloader() + "=" + loaded)
            .option("-javaagent:" + AgentJvm.jar()).option("-Debb.loads=" + String.join(";", LOADS)));
    }

    /** The methods have run before; the loads that count begin after the agent has come. */
    @ParameterizedTest
    @MethodSource("jdks")
    void inAProgramThatRunsAlready(Jdk jdk) {
        ForkedJvm.Command command = AgentJvm.unwoven(jdk, WatchedMethods.class).option("-Debb.loads=" + String.join(";", LOADS))
            .option("-Djdk.attach.allowAttachSelf=true").args(AgentJvm.jar().toString());
        assertEveryLoad(jdk.feature() >= 21 ? command.option("-XX:+EnableDynamicAgentLoading") : command);
    }

    /** The JVM lets nobody catch what the constructor above throws: the load has to be found ended in another way, and the thread has to be clean again. */
    @ParameterizedTest
    @MethodSource("jdks")
    void aConstructorThatFailsInTheOneAboveIsLeft(Jdk jdk) {
        try (ForkedJvm jvm = AgentJvm.command(jdk, FailingSuper.class, "scenario.Constructors$FailsAbove#new", "scenario.Constructors$Plain#new").start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("\"event\":\"load.completed\"", Duration.ofSeconds(120));
            jvm.send("");
            log.assertEndedWell("above");
            assertEquals(21_008, log.events("load.completed").get(0).getLong("directBytes"), () -> jvm.failure("second load").getMessage());
            assertEquals("scenario.Constructors$Plain#<init>", log.events("load.completed").get(0).getString("method"));
            assertEquals(2, log.events().stream().filter(event -> event.getString("event").startsWith("load.")).count(), () -> jvm.failure("loads").getMessage());
        }
    }

    private static void assertEveryLoad(ForkedJvm.Command command) {
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            log.assertEndedWell("done");
            List<String> loads = new ArrayList<>();
            for (JsonObject event : log.events()) {
                if (event.getString("event").startsWith("load.")) {
                    loads.add(event.getString("outcome") + " " + event.getString("method") + " " + event.getString("label") + " " + event.getLong("directBytes"));
                    assertEquals("load." + event.getString("outcome"), event.getString("event"));
                    assertTrue(event.getLong("durationMs", -1) >= 0);
                    assertEquals(0, event.getInt("threadsBorn", -1));
                }
            }
            assertEquals(String.join("\n", EXPECTED), String.join("\n", loads), () -> jvm.failure("wrong loads").getMessage());
            assertEquals(List.of(), log.events("verdict"));
        }
    }

    /** A jar with a manifest alone; the class itself is on the class path. */
    private Path preloader() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", Preloader.class.getName());
        Path jar = directory.resolve("preloader.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }
}
