package dev.ebb.testing;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** The JDKs of this machine that Ebb supports: the running one and those installed beside it. Immutable, safe for any thread. */
public final class Jdks {
    private static final int OLDEST_SUPPORTED = 17;
    private static final List<String> COLLECTORS = List.of("SerialGC", "ParallelGC", "G1GC", "ZGC", "ShenandoahGC");
    private static final List<Jdk> ALL = find(Path.of(System.getProperty("java.home"))).stream().filter(jdk -> jdk.feature() == Integer.getInteger("ebb.test.jdk", jdk.feature())).toList();

    private Jdks() { }

    /**
     * One installation.
     *
     * @param feature 17, 21, 25 …
     * @param home the directory that holds {@code bin/java}
     */
    public record Jdk(int feature, Path home) {
        public Path java() {
            return home.resolve("bin").resolve("java");
        }

        /** Those of its garbage collectors that a program can choose and that it was built with, as {@code G1GC}. */
        public List<String> collectors() {
            return COLLECTORS.stream().filter(this::has).toList();
        }

        private boolean has(String collector) {
            try {
                return new ProcessBuilder(java().toString(), "-XX:+Use" + collector, "-version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        /** Short enough for the name of a parameterised test. */
        @Override
        public String toString() {
            return "JDK " + feature;
        }
    }

    /** The running JDK first, then the others from old to new. Each installation once, however many links lead to it. With {@code -Debb.test.jdk=25} that one alone. */
    public static List<Jdk> all() {
        return ALL;
    }

    public static Jdk running() {
        return ALL.get(0);
    }

    /** For row after row of a table whose rows do not differ by JDK: one of {@link #all}, each in its turn; all of them with {@code -Debb.test.everywhere=true}. */
    public static List<Jdk> inTurn(int row) {
        return Boolean.getBoolean("ebb.test.everywhere") ? ALL : List.of(ALL.get(row % ALL.size()));
    }

    /** The one of {@link #all} with this feature number, for a test that needs it and is skipped (by assumption) without. */
    public static Optional<Jdk> feature(int feature) {
        return ALL.stream().filter(jdk -> jdk.feature() == feature).findFirst();
    }

    private static List<Jdk> find(Path runningHome) {
        List<Jdk> found = new ArrayList<>();
        found.add(new Jdk(Runtime.version().feature(), runningHome));
        List<Jdk> others = new ArrayList<>();
        Set<Path> seen = new HashSet<>(Set.of(real(runningHome)));
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(runningHome.toAbsolutePath().getParent())) {
            for (Path home : siblings) {
                if (Files.isExecutable(home.resolve("bin").resolve("java")) && Files.isReadable(home.resolve("release")) && seen.add(real(home))) {
                    others.add(new Jdk(feature(home.resolve("release")), home));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        others.removeIf(jdk -> jdk.feature() < OLDEST_SUPPORTED);
        others.sort(Comparator.comparingInt(Jdk::feature).thenComparing(Jdk::home));
        found.addAll(others);
        return found;
    }

    /** From the line JAVA_VERSION="17.0.15"; "1.8.0_402" gives 1, which is old enough to be left out. */
    private static int feature(Path release) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(release)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
        return Integer.parseInt(version.split("[^0-9]", 2)[0]);
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
