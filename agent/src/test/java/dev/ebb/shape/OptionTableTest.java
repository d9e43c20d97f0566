package dev.ebb.shape;

import dev.ebb.config.Option;
import dev.ebb.config.Options;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The README has one row for each option that this version has: {@code | `ebb.name` | default | meaning |}, a dash for no default. */
class OptionTableTest {
    private static final Path README = Path.of("..", "README.md"); // tests run in the module's directory
    private static final Path SECTIONS = Path.of("..", "docs", "options.md");
    private static final Pattern HEADING = Pattern.compile("## `(ebb\\.[a-z.]+)`(?: = (`.+`))?");
    private static final Pattern ROW = Pattern.compile("\\|\\s*`(ebb\\.[a-z.]+)`\\s*\\|\\s*(.*?)\\s*\\|\\s*(.*?)\\s*\\|\\s*");

    @Test
    void tellsEveryOptionWithItsDefault() throws IOException {
        assertTrue(Files.isRegularFile(README), () -> "there is no README at " + README.toAbsolutePath().normalize());
        Map<String, String> said = new TreeMap<>();
        for (String line : Files.readAllLines(README)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                assertNull(said.put(row.group(1), row.group(2)), row.group(1) + " has two rows");
                assertFalse(row.group(3).isEmpty(), row.group(1) + " has no meaning");
            }
        }
        assertFalse(said.isEmpty(), "the README has no table of options: rows | `ebb.name` | default | meaning |");
        assertEquals(lines(available()), lines(said));
    }

    @Test
    void theOnesThatAreReloadedAreListed() throws IOException {
        List<String> said = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("..", "docs", "configuration.md"))) {
            if (line.matches("- `ebb\\.[a-z.]+`")) {
                said.add(line.substring(3, line.length() - 1));
            }
        }
        assertEquals(Options.reloaded().stream().map(Option::property).toList(), said);
    }

    /** docs/options.md has a section for each: {@code ## `ebb.name` = `default`}, without the second part for no default. */
    @Test
    void eachOptionHasASectionOfItsOwn() throws IOException {
        Map<String, String> said = new TreeMap<>();
        String last = null;
        for (String line : Files.readAllLines(SECTIONS)) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                last = heading.group(1);
                assertNull(said.put(last, heading.group(2) == null ? "–" : heading.group(2)), last + " has two sections");
            } else if (last != null && !line.isBlank()) {
                last = null;
            }
            assertFalse(line.startsWith("## ") && !heading.matches(), line);
        }
        assertNull(last, "nothing below the last heading");
        assertEquals(lines(available()), lines(said));
    }

    private static Map<String, String> available() {
        Map<String, String> available = new TreeMap<>();
        for (Option option : Options.all()) {
            if (option.available()) {
                available.put(option.property(), option.defaultText().isEmpty() ? "–" : "`" + option.defaultText() + "`");
            }
        }
        return available;
    }

    /** One a line, which shows best what differs. */
    private static String lines(Map<String, String> table) {
        StringBuilder text = new StringBuilder();
        table.forEach((name, value) -> text.append(name).append(" = ").append(value).append('\n'));
        return text.toString();
    }
}
