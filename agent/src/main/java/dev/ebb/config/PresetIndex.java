package dev.ebb.config;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The presets in the jar, and the classes that each one names: the file {@code dev/ebb/presets/index}, a line {@code NAME class class …} for each. It stands for the presets until a class of
 * one is loaded, so that a start reads one small file. Immutable.
 */
public final class PresetIndex {
    private static final String DIRECTORY = "/dev/ebb/presets/";

    private final Map<String, List<String>> classes = new LinkedHashMap<>();

    private PresetIndex() { }

    /** @throws IOException if it cannot be read */
    public static PresetIndex read() throws IOException {
        PresetIndex index = new PresetIndex();
        try (InputStream in = open("index")) {
            List<String> lines = Values.split(new String(in.readAllBytes(), StandardCharsets.UTF_8), "\n", false);
            for (int i = 0; i < lines.size(); i++) {
                List<String> words = Values.split(lines.get(i), " ", false);
                index.classes.put(words.get(0), words.subList(1, words.size()));
            }
        }
        return index;
    }

    /** In the order of the file. */
    public List<String> names() {
        return new ArrayList<>(classes.keySet());
    }

    /** Binary names. @param preset one of {@link #names} */
    public List<String> classes(String preset) {
        return classes.get(preset);
    }

    static Properties properties(String preset) throws IOException {
        Properties file = new Properties();
        try (InputStreamReader in = new InputStreamReader(open(preset.concat(".properties")), StandardCharsets.UTF_8)) {
            file.load(in);
        }
        return file;
    }

    private static InputStream open(String file) throws IOException {
        InputStream in = PresetIndex.class.getResourceAsStream(DIRECTORY.concat(file));
        if (in == null) {
            throw new FileNotFoundException(DIRECTORY.concat(file));
        }
        return in;
    }
}
