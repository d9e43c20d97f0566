package dev.ebb.shape;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import dev.ebb.config.Option;
import dev.ebb.config.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is in {@code deploy} speaks of metrics and options that there are; whether it works is shown by {@code DeployIT} and {@code deploy/check}. */
class DeployTest {
    private static final Path DEPLOY = Path.of("../deploy"); // tests run in the module's directory
    private static final Path DASHBOARD = DEPLOY.resolve("grafana/ebb.json");
    private static final Path RULES = DEPLOY.resolve("prometheus/ebb.rules.yml");
    /** No part of a recorded name, which has colons. */
    private static final Pattern METRIC = Pattern.compile("(?<![:\\w])ebb_[a-z_]+(?![:\\w])");
    private static final Pattern RECORDED = Pattern.compile("\\b\\w+:ebb_\\w+:\\w+\\b");

    @Test
    void metricsThatAreAskedForAreTold() throws IOException {
        Set<String> told = found(Pattern.compile("(?<=\\| `)ebb_\\w+(?=` \\| (?:gauge|counter|summary) )"), Files.readString(Path.of("../docs/metrics.md")));
        assertTrue(told.size() > 20, told::toString);
        for (Path file : List.of(DASHBOARD, RULES, DEPLOY.resolve("prometheus/ebb.rules.test.yml"))) {
            Set<String> asked = found(METRIC, Files.readString(file));
            assertTrue(asked.size() > 5, () -> file + " asks for " + asked);
            asked.removeIf(name -> told.contains(name) || told.contains(name.replaceFirst("_(count|sum)$", "")));
            assertEquals(Set.of(), asked, file.toString());
        }
    }

    @Test
    void recordedNamesAreRecorded() throws IOException {
        String rules = Files.readString(RULES);
        Set<String> recorded = found(Pattern.compile("(?<=- record: )\\S+"), rules);
        Set<String> asked = found(RECORDED, rules + Files.readString(DASHBOARD));
        assertTrue(asked.size() >= 5, asked::toString);
        asked.removeAll(recorded);
        assertEquals(Set.of(), asked);
    }

    /** What Grafana needs to import it: panels with numbers of their own that lie in a grid of 24 columns beside each other. */
    @Test
    void theDashboardCanBeImported() throws Exception {
        JsonObject dashboard = JsonParser.object().from(Files.readString(DASHBOARD));
        assertTrue(dashboard.getInt("schemaVersion") >= 39 && !dashboard.getString("uid").isEmpty() && !dashboard.getString("title").isEmpty());
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        JsonArray panels = dashboard.getArray("panels");
        assertTrue(panels.size() > 15);
        for (Object one : panels) {
            JsonObject panel = (JsonObject) one;
            String title = panel.getString("title");
            assertTrue(ids.add(panel.getInt("id")), () -> title + " has the number of another panel");
            JsonObject place = panel.getObject("gridPos");
            for (int x = place.getInt("x"); x < place.getInt("x") + place.getInt("w"); x++) {
                for (int y = place.getInt("y"); y < place.getInt("y") + place.getInt("h"); y++) {
                    assertTrue(x < 24 && cells.add(x + " " + y), () -> title + " lies over another panel, or outside");
                }
            }
            if (!panel.getString("type").equals("row")) {
                assertTrue(List.of("stat", "timeseries").contains(panel.getString("type")), title);
                assertTrue(!panel.getArray("targets").isEmpty() && !panel.getString("description", "").isEmpty(), title);
                assertEquals("${datasource}", panel.getObject("datasource").getString("uid"), title);
                assertNotNull(panel.getObject("fieldConfig").getObject("defaults").getString("unit"), title);
            }
        }
    }

    @Test
    void optionsThatAreSetExist() throws IOException {
        Set<String> known = new TreeSet<>();
        for (Option option : Options.all()) {
            known.add(option.variable());
        }
        int files = 0;
        Set<String> set = new TreeSet<>();
        try (Stream<Path> all = Files.walk(DEPLOY)) {
            for (Path file : all.filter(file -> file.toString().matches(".*\\.(yaml|java)") && !file.toString().contains("/target/")).toList()) {
                files++;
                set.addAll(found(Pattern.compile("\\bEBB_[A-Z_]+\\b"), Files.readString(file)));
            }
        }
        set.remove("EBB_"); // a prefix
        assertTrue(files > 10 && set.size() >= 8, () -> set.toString());
        set.removeAll(known);
        assertEquals(Set.of(), set);
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        for (Matcher matcher = pattern.matcher(text); matcher.find();) {
            found.add(matcher.group());
        }
        return found;
    }
}
