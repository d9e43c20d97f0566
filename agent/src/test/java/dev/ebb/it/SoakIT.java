package dev.ebb.it;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.ebb.testing.Accounts.Account;
import dev.ebb.testing.AgentJvm;
import dev.ebb.testing.EbbLog;
import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks;
import dev.ebb.testing.Jdks.Jdk;
import dev.ebb.testing.MutatedJar;
import dev.ebb.testing.NewerScenarios;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.ledgers.Soak;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A thousand loads at once that take and give back at random and end at random: each one's line in the log is compared with the program's own account of
 * it, to the byte. For {@value #SECONDS} seconds, or as many as the system property {@code ebb.soak.seconds} says.
 */
class SoakIT {
    private static final int SECONDS = 1;
    private static final int AT_ONCE = 1_000;
    private static final int BAD_IN_A_THOUSAND = 20;
    /** Any load may be the first of a path through the JDK, and load its classes. */
    private static final long HEAP_TOLERANCE = 10_000_000;
    /** What stays after all was given back: threads of pools, classes and code about them, rolled-back loads that are looked at once more after 30 s. */
    private static final long GROWTH_BYTES = 32 << 20;

    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<String, JsonObject> ends = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int compared;

    @TempDir
    private Path directory;

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void everyLoadIsRightToTheByte(Jdk jdk) throws Exception {
        int seconds = Integer.getInteger("ebb.soak.seconds", SECONDS);
        long seed = System.nanoTime();
        try (ForkedJvm jvm = start(command(jdk, AgentJvm.jar(), seconds, AT_ONCE, seed))) {
            MatchResult loads = jvm.await("^loads (\\d+) at once (\\d+)$", Duration.ofSeconds(seconds + 400));
            MatchResult heap = jvm.await("^heap before (\\d+) after (\\d+)$", Duration.ofSeconds(60));
            new EbbLog(jvm).assertUntroubled(0);
            synchronized (this) {
                System.out.println(jdk + ", " + seconds + " s, seed " + seed + ": " + compared + " of " + loads.group(1) + " loads compared, " + loads.group(2)
                    + " at once, " + wrong.size() + " wrong; heap " + heap.group(1) + " -> " + heap.group(2) + "; "
                    + jvm.await("^taken (.*)$", Duration.ofSeconds(1)).group(1));
                assertEquals(List.of(), wrong, () -> "with seed " + seed);
                assertEquals(Integer.parseInt(loads.group(1)), compared);
                assertEquals("accounts {}, lines {}", "accounts " + accounts + ", lines " + ends);
            }
            assertEquals(AT_ONCE, Integer.parseInt(loads.group(2)));
            long growth = Long.parseLong(heap.group(2)) - Long.parseLong(heap.group(1));
            assertTrue(growth < GROWTH_BYTES, () -> "the heap has grown by " + growth);
        }
    }

    /** An Ebb that does not hear of mappings: the comparison is able to fail. */
    @Test
    void aHookThatIsBrokenIsNoticed() throws Exception {
        Jdk jdk = Jdks.all().get(0);
        Path mutated = directory.resolve("mutated.jar");
        MutatedJar.doNothing(AgentJvm.jar(), mutated, "dev/ebb/record/MemoryHooks", "mappingAcquired");
        try (ForkedJvm jvm = start(command(jdk, mutated, 1, 50, 7))) {
            jvm.await("^done$", Duration.ofSeconds(400));
            synchronized (this) {
                assertTrue(wrong.stream().anyMatch(found -> found.contains("mappedBytes 0 instead of")), wrong::toString);
                assertTrue(wrong.stream().allMatch(found -> found.contains("mappedBytes")), wrong::toString);
            }
        }
    }

    private ForkedJvm start(ForkedJvm.Command command) throws Exception {
        ForkedJvm[] started = new ForkedJvm[1];
        command.listener(line -> heard(line, started));
        synchronized (this) {
            started[0] = command.start();
            return started[0];
        }
    }

    private ForkedJvm.Command command(Jdk jdk, Path jar, int seconds, int atOnce, long seed) throws Exception {
        String files = Files.createDirectory(directory.resolve("files")).toString();
        ForkedJvm.Command command = AgentJvm.command(jdk, jar, Soak.class, "scenario.ledgers.Loads#load as {0}", "scenario.ledgers.Loads#part as part")
            .option("-Xmx512m", "-XX:MaxDirectMemorySize=2g", "-Debb.rollback.grace=2s", "-Debb.track=scenario.ledgers.Handle")
            .option("-Djava.util.concurrent.ForkJoinPool.common.parallelism=2")
            .args(files, String.valueOf(seconds), String.valueOf(atOnce), String.valueOf(BAD_IN_A_THOUSAND), String.valueOf(seed));
        if (jdk.feature() >= 25) {
            Path classes = directory.resolve("classes");
            NewerScenarios.compileWithPreview(jdk, "scenario/ledgers/NewerSoak", Soak.class, classes);
            command.option("--enable-preview", "--sun-misc-unsafe-memory-access=allow").classpath(classes, AgentJvm.home(Soak.class)).main("scenario.ledgers.NewerSoak");
        }
        return command;
    }

    /** On the two threads that read. @return true if the line is dealt with */
    private synchronized boolean heard(String line, ForkedJvm[] jvm) {
        if (line.startsWith("account ")) {
            String[] words = line.split(" +");
            accounts.put(words[1], Account.parse(words));
            compareIfBoth(words[1], line);
            return true;
        }
        if (!line.contains("\"event\":\"load.") || !line.contains("\"label\":\"soak-")) {
            return line.contains("\"event\":\"rollback.") || line.contains("\"event\":\"verdict\"") || line.contains("\"event\":\"thread.leaked\"");
        }
        JsonObject end = parse(line);
        String label = end.getString("label");
        if (ends.put(label, end) != null) {
            wrong.add(label + " is said to have ended twice");
        }
        compareIfBoth(label, line);
        jvm[0].send(label);
        return true;
    }

    private void compareIfBoth(String label, String line) {
        if (accounts.containsKey(label) && ends.containsKey(label)) {
            List<String> differences = accounts.remove(label).differences(ends.remove(label), HEAP_TOLERANCE);
            compared++;
            if (!differences.isEmpty()) {
                wrong.add(label + ": " + differences + " " + line);
            }
        }
    }

    private static JsonObject parse(String line) {
        try {
            return JsonParser.object().from(line);
        } catch (JsonParserException e) {
            throw new AssertionError(line, e);
        }
    }
}
