package stories;

import java.util.List;

/**
 * What was told of an engine in public, and how it is played.
 *
 * @param story the class that plays it @param issue where it was told @param engine the artifact that is loaded, of the version that was complained of @param newestJdk on which that runs
 * @param takesMemory what is left is resident memory, and not descriptors or locks alone @param refusesNext the next load of the sound segment fails, too
 * @param ways how Ebb is told of it
 */
record Told(String story, String issue, String engine, int newestJdk, boolean takesMemory, boolean refusesNext, List<Way> ways) {
    private static final int ANY = Integer.MAX_VALUE;

    /** @param options of Ebb's beside those that all stories have @param verdict with which Ebb may leave something; null if nothing may be left */
    record Way(String title, List<String> options, String verdict) { }

    static List<Told> all() {
        return List.of(
            new Told("ArrowFile", "ARROW-12907", "org.apache.arrow:arrow-vector:4.0.1", 17, true, true,
                List.of(new Way("with Ebb", List.of("ebb.track=org.apache.arrow.memory.ArrowBuf"), null))),
            new Told("MapDbFile", "jankotek/mapdb#925", "org.mapdb:mapdb:3.0.7", ANY, false, true,
                List.of(new Way("with Ebb", List.of(), null))),
            new Told("SqliteFile", "xerial/sqlite-jdbc#431", "org.xerial:sqlite-jdbc:3.36.0.2", ANY, false, false,
                List.of(new Way("with Ebb", List.of(), null))),
            new Told("NitriteStore", "nitrite/nitrite-java#116", "org.dizitart:nitrite:3.1.0", ANY, false, true,
                // a thread of the store's own waits inside it, unless that has ended at once: a race of H2's when it is started
                List.of(new Way("with Ebb", List.of(), "held-by-thread"), new Way("with Ebb, stop", List.of("ebb.rollback.stop=on"), null))));
    }
}
