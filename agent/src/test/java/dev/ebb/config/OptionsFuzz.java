package dev.ebb.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What users write: arguments of the agent, a properties file, patterns. Whatever it is, reading it throws nothing but what is announced, ends soon, and the default is used for what is no value. For
 * Jazzer, which {@code trust/fuzz} runs; {@link OptionsCorpusTest} runs it on what was found. The first byte says who reads the rest.
 */
public final class OptionsFuzz {
    private static final Path FILE = file();

    private OptionsFuzz() { }

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        if (data.length == 0) {
            return;
        }
        String text = new String(data, 1, data.length - 1, StandardCharsets.UTF_8);
        switch (data[0] & 3) {
            case 0 -> read(Options.read(text, Map.of(), Map.of()));
            case 1 -> pattern(text);
            case 2 -> readFile(data);
            default -> {
                // each entry of the list of options in its turn
                List<Option> all = Options.all();
                Option option = all.get((data[0] >> 2 & 63) % all.size());
                read(Options.read(null, Map.of("ebb." + option.name(), text), Map.of("EBB_LOADS", text)));
            }
        }
    }

    private static void readFile(byte[] data) throws IOException {
        byte[] content = new byte[data.length - 1];
        System.arraycopy(data, 1, content, 0, content.length);
        Files.write(FILE, content);
        read(Options.read("config=" + FILE, Map.of(), Map.of()));
    }

    /** All that the agent asks at its start: a value that only then turns out to be none would cost the program. */
    private static void read(Options options) {
        options.loads().forEach(OptionsFuzz::ask);
        options.release().forEach(OptionsFuzz::ask);
        options.closeRules().size();
        options.deadlines().size();
        options.track().size();
        for (String problem : options.problems()) {
            if (problem.isEmpty()) {
                throw new AssertionError("a problem without words");
            }
        }
    }

    private static void pattern(String text) {
        LoadPattern pattern;
        try {
            pattern = LoadPattern.parse(text);
        } catch (IllegalArgumentException announced) {
            return;
        }
        ask(pattern);
    }

    private static void ask(LoadPattern pattern) {
        pattern.longestLiteral();
        for (String name : new String[] {"com/acme/Loader", "a/B$C", "x"}) {
            pattern.typeMatches(name);
        }
        for (String method : new String[] {"load", "<init>", "<clinit>", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"}) {
            if (pattern.methodMatches(method) && method.equals("<clinit>")) {
                throw new AssertionError("static initialisers are never loads");
            }
        }
        pattern.argumentsMatch("(Ljava/lang/String;I[J)V");
    }

    private static Path file() {
        try {
            Path file = Files.createTempFile("fuzz", ".properties");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
