package segstore;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the store can do wrong about a load whose caller has given up. Each is independent of the others; without any,
 * the load is cancelled, and its memory, files and reservation are given back before the caller gets its exception.
 */
public enum Fault {
    /** Nobody tells the loader: it goes on to its end, and its result is dropped with the future. */
    OUTLIVES_TIMEOUT,
    /** The loader swallows interrupts. */
    IGNORES_INTERRUPTS,
    /** The segment stays in the map of segments being loaded, where no search ever looks. */
    HALF_BUILT_IN_MAP,
    /** The local copies of the index files stay when the load's result is dropped. */
    LEAVES_FILES,
    /** The memory reservation stays with the dropped segment. */
    HOLDS_RESERVATION;

    /** What careless services do; a map that keeps everything is one thing more. */
    public static final Set<Fault> COMMON = Collections.unmodifiableSet(
            EnumSet.complementOf(EnumSet.of(HALF_BUILT_IN_MAP)));

    /** The name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads {@code all}, {@code none} or labels between commas.
     *
     * @throws UsageException if there is no such fault
     */
    public static Set<Fault> parse(String text) {
        EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
        if (text.equals("all")) {
            return EnumSet.allOf(Fault.class);
        }
        if (!text.equals("none")) {
            for (String label : text.split(",")) {
                faults.add(byLabel(label.trim()));
            }
        }
        return faults;
    }

    public static String labels(Set<Fault> faults) {
        return faults.isEmpty() ? "none" : faults.stream().map(Fault::label).collect(Collectors.joining(","));
    }

    private static Fault byLabel(String label) {
        return Arrays.stream(values()).filter(fault -> fault.label().equals(label)).findFirst()
                .orElseThrow(() -> new UsageException("there is no fault '" + label + "'; use 'all', 'none', or "
                        + "some of " + labels(EnumSet.allOf(Fault.class)) + " with commas between them"));
    }
}
