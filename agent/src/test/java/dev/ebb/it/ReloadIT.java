package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import scenario.Commanded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The file of {@code ebb.config} is changed while the program runs. */
@Execution(ExecutionMode.CONCURRENT)
class ReloadIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @TempDir
    private Path directory;

    @Test
    void aChangeTakesEffectAndAMistakeDoesNot() throws Exception {
        Jdk jdk = Jdks.running();
        Path file = Files.writeString(directory.resolve("ebb.properties"), "rollback.grace=7s\n");
        ForkedJvm.Command command = AgentJvm.command(jdk, Commanded.class, "scenario.Commanded#load as {0}").option("-Debb.config=" + file, "-Debb.abandon=egaer");
        try (ForkedJvm jvm = command.start()) {
            EbbLog log = new EbbLog(jvm);
            jvm.await("\"event\":\"ebb.started\"", LIMIT);
            write(file, "ebb.mode=observe\nrollback.grace=123s\ntrack=a.B\npurge=on\n");
            String reloaded = jvm.await("\"event\":\"config.reloaded\".*", LIMIT).group();
            assertTrue(reloaded.contains("\"changed\":[\"ebb.mode=observe\",\"ebb.rollback.grace=123s\"],\"nextStart\":[\"ebb.track=a.B\"]"), reloaded);

            write(file, "ebb.mode=rolback\nrolback.grace=9s\n");
            String refused = jvm.await("\"event\":\"trouble\",\"where\":\"config\".*", LIMIT).group();
            assertTrue(refused.contains("has changed and is not used: ebb.rolback.grace is not an option of Ebb; did you mean ebb.rollback.grace?"), refused);
            assertFalse(refused.contains("is used\""), "no default comes in for a change that does not count: " + refused);

            JsonObject status = status(jdk, jvm);
            Map<String, String> options = new HashMap<>();
            for (Object option : status.getArray("options")) {
                options.put(((JsonObject) option).getString("name"), ((JsonObject) option).getString("value"));
            }
            assertEquals("observe 123s off null", status.getString("mode") + " " + options.get("ebb.rollback.grace") + " " + options.get("ebb.purge") + " " + options.get("ebb.track"), status::toString);

            String standing = "ebb.abandon=egaer (system property) is not proven or eager; the default proven is used";
            assertEquals(List.of(standing, "not used: ebb.rolback.grace is not an option of Ebb; did you mean ebb.rollback.grace?",
                "not used: ebb.mode=rolback (ebb.config file) is not rollback, observe or off"), status.getArray("mistakes"));

            // nothing is said of loads that end well from now on
            write(file, "ebb.mode=rollback\nlog.level=error\n");
            awaitMode(jdk, jvm, "rollback");
            assertEquals(List.of(standing), status(jdk, jvm).getArray("mistakes"));
            jvm.send("load");
            jvm.send("end");
            assertEquals(0, jvm.waitFor(LIMIT));
            assertEquals(List.of(), log.events("load.completed"));
            assertEquals(1, log.events("config.reloaded").size());
        }
    }

    /** Nothing says it at this level. */
    private void awaitMode(Jdk jdk, ForkedJvm jvm, String mode) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!status(jdk, jvm).getString("mode").equals(mode)) {
            assertTrue(System.nanoTime() - end < 0, "the mode is not " + mode);
        }
    }

    private static void write(Path file, String text) throws Exception {
        Path part = Files.writeString(file.resolveSibling("part"), text);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static JsonObject status(Jdk jdk, ForkedJvm jvm) throws Exception {
        try (ForkedJvm command = ForkedJvm.java(jdk).jar(AgentJvm.jar()).args("status", Long.toString(jvm.pid()), "--json").start()) {
            assertEquals(0, command.waitFor(LIMIT));
            return JsonParser.object().from(command.stdout());
        }
    }
}
