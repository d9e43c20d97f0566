package dev.ebb.config;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What fuzzing has found, and what it begins with (src/test/resources/fuzz), once each in every build. */
class OptionsCorpusTest {
    static List<Path> inputs() throws IOException {
        List<Path> inputs = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("src/test/resources/fuzz/options"))) {
            files.forEach(inputs::add);
        }
        return inputs;
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void holdsWhatIsPromised(Path input) throws IOException {
        OptionsFuzz.fuzzerTestOneInput(Files.readAllBytes(input));
    }
}
