package segstore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import segstore.Fault;
import segstore.UsageException;

class OptionsTest {
    @Test
    void defaultsAreAGibibyteAndTheCommonFaults() {
        RunOptions options = RunOptions.parse(List.of());
        assertEquals(1L << 30, options.recipe().sizeBytes());
        assertEquals(Fault.COMMON, options.faults());
        assertEquals(List.of(1L, 10L, 30L), options.marks());
    }

    @Test
    void readsSizesFaultsAndMarks() {
        RunOptions options = RunOptions.parse(List.of("--size=12G", "--faults=leaves-files,half-built-in-map",
                "--marks=5,0"));
        assertEquals(12L << 30, options.recipe().sizeBytes());
        assertEquals(EnumSet.of(Fault.LEAVES_FILES, Fault.HALF_BUILT_IN_MAP), options.faults());
        assertEquals(List.of(0L, 5L), options.marks());
        assertEquals(Set.of(), RunOptions.parse(List.of("--faults=none")).faults());
        assertEquals(EnumSet.allOf(Fault.class), RunOptions.parse(List.of("--faults=all")).faults());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--size=13g", "--size=1q", "--size=", "--size=99999999999g", "--segments=0",
            "--faults=slow", "--load-timeout=3s", "--marks=", "--marks=-1", "--slow=1", "--bogus=1", "size=1g", "--size"})
    void aBadValueIsNamedWithItsRemedy(String argument) {
        UsageException bad = assertThrows(UsageException.class, () -> RunOptions.parse(List.of(argument)));
        String value = argument.substring(argument.startsWith("--faults") ? argument.indexOf('=') + 1 : 0);
        assertTrue(bad.getMessage().contains(value), bad.getMessage());
        assertTrue(bad.getMessage().contains("use ") || bad.getMessage().contains("give "), bad.getMessage());
    }

    @Test
    void tooManySegmentsForTheSizeAreRefused() {
        UsageException bad = assertThrows(UsageException.class,
                () -> RunOptions.parse(List.of("--size=8m", "--segments=3")));
        assertTrue(bad.getMessage().contains("use at most 2"), bad.getMessage());
    }
}
