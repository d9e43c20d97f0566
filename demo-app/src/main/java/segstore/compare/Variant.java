package segstore.compare;

import java.util.List;

/**
 * One way to start the same program.
 *
 * @param label for people
 * @param slug for file names
 * @param jemalloc whether malloc is jemalloc's
 * @param agent whether the agent is loaded
 */
record Variant(String label, String slug, boolean jemalloc, boolean agent) {
    static final List<Variant> ALL = List.of(
            new Variant("glibc", "glibc", false, false),
            new Variant("jemalloc", "jemalloc", true, false),
            new Variant("jemalloc + Ebb", "jemalloc-ebb", true, true),
            new Variant("glibc + Ebb", "glibc-ebb", false, true));
}
