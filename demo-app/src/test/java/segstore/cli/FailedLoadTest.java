package segstore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import segstore.ObjectStore;
import segstore.data.Generator;

class FailedLoadTest {
    @TempDir
    Path folder;

    @Test
    void carelesslyEverythingStaysAndTheNextLoadIsRefused() throws Exception {
        Map<String, String> results = run("--segments=1");
        assertEquals("1", results.get("loadsUnderWayAtException"));
        assertEquals("3", results.get("filesLeft"));
        assertEquals(results.get("fileBytesLeft"), results.get("reservedBytesLeft"));
        assertEquals("refused", results.get("nextLoad"));
        assertTrue(Long.parseLong(results.get("loaderEndMs")) > Long.parseLong(results.get("timeoutMs")));
        List<String> csv = Files.readAllLines(folder.resolve("rss.csv"));
        assertEquals("time_ms,rss_bytes,anonymous_bytes,file_bytes", csv.get(0));
        assertTrue(csv.size() > 20, csv.size() + " lines");
    }

    @Test
    void withoutFaultsTheNextLoadIsAcceptedAndFindsWhatItShould() throws Exception {
        Map<String, String> results = run("--faults=none");
        assertEquals("0", results.get("loadsUnderWayAtException"));
        assertEquals("0", results.get("filesLeft"));
        assertEquals("0", results.get("reservedBytesLeft"));
        assertEquals("accepted", results.get("nextLoad"));
        assertTrue(Double.parseDouble(results.get("recall")) >= 0.9, results.get("recall"));
    }

    private Map<String, String> run(String option) throws Exception {
        RunOptions options = RunOptions.parse(List.of("--size=8m", "--data=" + folder, "--load-timeout=1", "--slow=2",
                "--marks=0", option));
        new Generator(new ObjectStore(options.objects()), options.recipe()).generate();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryRecorder memory = MemoryRecorder.start(options.csv());
                PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            new FailedLoad(options, memory, new Report(out, memory)).run();
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("RESULT "))
                .map(line -> line.substring("RESULT ".length()).split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }
}
