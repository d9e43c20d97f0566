package segstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The store is a stranger to whatever may watch it. */
class ArchitectureTest {
    private static final Pattern STRANGER = Pattern.compile("segstore[./]compare|(?i)\\bebb\\b|javaagent");

    @Test
    void theStoreMentionsNeitherTheComparisonNorTheAgent() throws IOException {
        assertEquals(List.of(), mentions(Path.of("src/main/java"), StandardCharsets.UTF_8));
        assertEquals(List.of(), mentions(Path.of("target/classes"), StandardCharsets.ISO_8859_1));
    }

    @Test
    void theComparisonIsLookedAtToo() throws IOException {
        Path runner = Path.of("src/main/java/segstore/compare/Runner.java");
        assertFalse(STRANGER.matcher(Files.readString(runner)).results().toList().isEmpty());
    }

    private static List<Path> mentions(Path root, Charset charset) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("segstore"))) {
            List<Path> own = files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(root.resolve("segstore/compare"))).toList();
            assertFalse(own.isEmpty());
            List<Path> found = new ArrayList<>();
            for (Path file : own) {
                if (STRANGER.matcher(new String(Files.readAllBytes(file), charset)).find()) {
                    found.add(file);
                }
            }
            return found;
        }
    }
}
