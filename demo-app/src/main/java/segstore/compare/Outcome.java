package segstore.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What one run left behind.
 *
 * @param variant how it was started
 * @param results its {@code RESULT} lines
 * @param memory resident memory over time
 * @param verdicts what the agent's log concludes of each load that went wrong; empty without the agent
 */
record Outcome(Variant variant, Map<String, String> results, List<Sample> memory, List<String> verdicts) {

    /**
     * One reading.
     *
     * @param millis since the run began
     * @param bytes resident memory
     */
    record Sample(long millis, long bytes) {
    }

    /** A result, or null if the run did not get so far. */
    Long number(String key) {
        String value = results.get(key);
        return value == null ? null : Long.valueOf(value);
    }

    static List<Sample> samples(Path csv) throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (String line : Files.readAllLines(csv)) {
            String[] cells = line.split(",");
            if (Character.isDigit(cells[0].charAt(0))) {
                samples.add(new Sample(Long.parseLong(cells[0]), Long.parseLong(cells[1])));
            }
        }
        return samples;
    }
}
