package dev.ebb.shape;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the documentation points to is there: pages and headings behind links, and the tests that are named as showing something. */
class DocsTest {
    private static final Path ROOT = Path.of(".."); // tests run in the module's directory
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern SHOWN = Pattern.compile("`(?:([A-Z]\\w*(?:IT|Test))(?:#([\\w*]+))?|#([\\w*]+))`");
    private static final Pattern FIELDS = Pattern.compile("`(\\w+)`");

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : pages()) {
            Matcher link = LINK.matcher(withoutCode(Files.readString(page)));
            while (link.find()) {
                links++;
                String[] parts = link.group(1).split("#", 2);
                Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
                if (!parts[0].contains("://") && (!Files.exists(target) || parts.length > 1 && !anchors(target).contains(parts[1]))) {
                    broken.add(page.getFileName() + ": " + link.group(1));
                }
            }
        }
        assertTrue(links > 30, "too few links are found: " + links);
        assertEquals(List.of(), broken);
    }

    private static String withoutCode(String text) {
        return text.replaceAll("(?s)```.*?```", "").replaceAll("`[^`\n]*`", "");
    }

    /** As GitHub makes them from headings. */
    private static Set<String> anchors(Path page) throws IOException {
        Set<String> anchors = new HashSet<>();
        for (String line : Files.readAllLines(page)) {
            if (line.matches("#+ .*")) {
                anchors.add(line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
            }
        }
        return anchors;
    }

    /** {@code `ReleaseIT`}, {@code `PurgeIT#returnsNearlyAllThatWasFreed`}, and {@code `#another`} of the class that was named before in the line. */
    @Test
    void testsThatShowSomethingExist() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
                sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
            }
        }
        Set<String> missing = new TreeSet<>();
        int named = 0;
        for (Path page : pages()) {
            for (String line : Files.readAllLines(page)) {
                String type = "";
                Matcher shown = SHOWN.matcher(line);
                while (shown.find()) {
                    type = shown.group(1) == null ? type : shown.group(1);
                    String method = shown.group(1) == null ? shown.group(3) : shown.group(2);
                    String source = sources.getOrDefault(type, "");
                    named++;
                    if (source.isEmpty() || method != null && !Pattern.compile(" void " + method.replace("*", "\\w*") + "\\(").matcher(source).find()) {
                        missing.add(page.getFileName() + ": " + type + (method == null ? "" : "#" + method));
                    }
                }
            }
        }
        assertTrue(named > 100, "too few are found: " + named);
        assertEquals(Set.of(), missing);
    }

    /** What trust/mutations breaks: each break is named in docs/safety.md, the lines that it takes out stand once where it says, and its test is there. */
    @Test
    void breaksAreOfPromisesAndStillFit() throws IOException {
        Set<String> promised = new TreeSet<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/safety.md"))) {
            String[] cells = line.split(" \\| ");
            if (line.startsWith("| ") && cells.length == 4 && cells[3].matches("[a-z, -]+ \\|")) {
                promised.addAll(List.of(cells[3].replace(" |", "").split(", ")));
            }
        }
        promised.remove("broken as");
        Set<String> broken = new TreeSet<>();
        List<String> wrong = new ArrayList<>();
        for (String block : Files.readString(ROOT.resolve("trust/mutations.txt")).split("\n\n+")) {
            List<String> lines = block.lines().filter(line -> !line.startsWith("#")).toList();
            if (!lines.isEmpty()) {
                String name = lines.get(0).split(" ")[0];
                broken.add(name);
                String out = stripped(lines.subList(2, lines.size()).stream().filter(line -> line.startsWith("-")).map(line -> line.substring(1)).toList());
                int times = stripped(Files.readAllLines(ROOT.resolve(lines.get(1)))).split(Pattern.quote(out), -1).length - 1;
                if (times != 1) {
                    wrong.add(name + ": " + times + " times in " + lines.get(1));
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertEquals(promised, broken);
    }

    /** Each line with a line feed before it and behind it. */
    private static String stripped(List<String> lines) {
        return lines.stream().map(line -> "\n" + line.strip() + "\n").reduce("", String::concat);
    }

    /** The table of docs/flight-recorder.md has each event with its fields; those of {@code AboutLoad}, which nearly all have, are told above it. */
    @Test
    void eventsOfTheFlightRecorderAreDocumented() throws Exception {
        Map<String, Set<String>> documented = new TreeMap<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/flight-recorder.md"))) {
            if (line.startsWith("| `dev.ebb.")) {
                String[] cells = line.split("\\|");
                Set<String> fields = new TreeSet<>();
                FIELDS.matcher(cells[3].replaceAll("\\([^)]*\\)", "")).results().forEach(field -> fields.add(field.group(1)));
                documented.put(cells[1].trim().replace("`", ""), fields);
            }
        }
        Map<String, Set<String>> made = new TreeMap<>();
        for (Class<?> type : Class.forName("dev.ebb.report.FlightEvents").getDeclaredClasses()) {
            if (type.isAnnotationPresent(jdk.jfr.Name.class)) {
                Set<String> fields = new TreeSet<>();
                for (java.lang.reflect.Field field : type.getDeclaredFields()) {
                    if (field.isAnnotationPresent(jdk.jfr.Label.class)) {
                        fields.add(field.getName());
                    }
                }
                made.put(type.getAnnotation(jdk.jfr.Name.class).value(), fields);
            }
        }
        assertEquals(made, documented);
    }

    /** README says what each verdict means, docs/operations.md what to do. */
    @Test
    void everyVerdictIsDocumented() throws IOException {
        Set<String> verdicts = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/ebb/rollback"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
                Matcher made = Pattern.compile("new Verdict\\(([^,]*),").matcher(Files.readString(file));
                while (made.find()) {
                    Pattern.compile("\"([a-z-]+)\"").matcher(made.group(1)).results().forEach(word -> verdicts.add(word.group(1)));
                }
            }
        }
        assertTrue(verdicts.size() >= 8, "too few are found: " + verdicts);
        String readme = Files.readString(ROOT.resolve("README.md"));
        String meanings = readme.substring(readme.indexOf("**Verdicts.**"), readme.indexOf("`holders` says who"));
        String operations = Files.readString(ROOT.resolve("docs/operations.md"));
        String remedies = operations.lines().filter(line -> line.startsWith("| `verdict=")).reduce("", String::concat);
        for (String verdict : verdicts) {
            assertTrue(meanings.contains("`" + verdict + "`"), "README does not say what " + verdict + " means");
            assertTrue(remedies.matches(".*`(verdict=)?" + verdict + "`.*"), "docs/operations.md does not say what to do about " + verdict);
        }
    }
}
