package dev.ebb.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a preset may say, and that the index and the documentation know of each. */
class PresetTest {
    private static final Path DIRECTORY = Path.of("src/main/resources/dev/ebb/presets");
    private static final Path DOCS = Path.of("../docs/presets.md");

    static Set<String> files() throws IOException {
        Set<String> names = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(DIRECTORY, "*.properties")) {
            files.forEach(file -> names.add(file.getFileName().toString().replace(".properties", "")));
        }
        return names;
    }

    @Test
    void theIndexHasEachPresetOnce() throws IOException {
        assertEquals(new ArrayList<>(files()), PresetIndex.read().names());
    }

    @ParameterizedTest
    @MethodSource("files")
    void saysWhatAPresetMaySay(String name) throws IOException {
        Preset preset = Preset.read(name);
        assertEquals(List.of(), preset.problems());
        assertFalse(preset.loads().isEmpty());
        assertTrue(preset.verified().matches("[^:]+:[^:]+:[^:]+"), preset.verified());
        assertTrue(Set.of("title", "verified", "loads", "release", "close", "track", "leaves.open", "engine", "closes.while.loading").containsAll(PresetIndex.properties(name).keySet()));
        for (CloseRule rule : preset.closeRules()) {
            // what becomes of the result behind the engine's method is the program's affair
            assertFalse(rule.unpublished(), "an engine does not know whom its caller hands the result to");
        }
        // else it would be said of classes that nobody here has looked at
        assertEquals(preset.leavesOpen().isEmpty(), preset.engine().isEmpty());
        assertTrue(preset.leavesOpen().stream().allMatch(type -> preset.engine().stream().anyMatch(type::startsWith)));
        Set<String> classes = new LinkedHashSet<>();
        List<LoadPattern> patterns = new ArrayList<>(preset.loads());
        patterns.addAll(preset.release());
        preset.closeRules().forEach(rule -> patterns.add(rule.target()));
        for (LoadPattern pattern : patterns) {
            // subtypes and annotations say nothing about when to read the preset
            assertTrue(pattern.exact(), pattern.toString());
            classes.add(pattern.className());
        }
        classes.addAll(preset.track());
        assertEquals(name + " " + String.join(" ", classes), name + " " + String.join(" ", PresetIndex.read().classes(name)), "the line in the index");
    }

    @ParameterizedTest
    @MethodSource("files")
    void isDocumented(String name) throws IOException {
        assertTrue(Files.readString(DOCS).contains("| `" + name + "` | " + Preset.read(name).title() + " | `" + Preset.read(name).verified() + "` |"), () -> "no row in " + DOCS);
    }

    @Test
    void autoIsAllOrNothing() {
        assertTrue(Options.readAlone("").presetWanted("rocksdb"));
        assertFalse(Options.readAlone("loads=a.B#c").presetWanted("rocksdb"));
        assertTrue(Options.readAlone("loads=a.B#c,presets=all").presetWanted("rocksdb"));
        assertTrue(Options.readAlone("loads=a.B#c,presets=lucene,RocksDB").presetWanted("rocksdb"));
        assertFalse(Options.readAlone("presets=lucene").presetWanted("rocksdb"));
        assertFalse(Options.readAlone("presets=none").anyPreset());
        // what the engines' objects are like is known all the same
        assertTrue(Options.readAlone("loads=a.B#c").presetKnown("rocksdb"));
        assertFalse(Options.readAlone("loads=a.B#c,presets=lucene").presetKnown("rocksdb"));
        assertFalse(Options.readAlone("loads=a.B#c,presets=none").anyPresetKnown());
        assertEquals(List.of("ebb.presets (agent argument): \"rocksbd\" is no preset; did you mean rocksdb?; this entry is ignored"), Options.readAlone("presets=rocksbd").problems());
    }
}
