package dev.ebb.rollback;

import dev.ebb.load.CreatedFile;
import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Deletes files that a load has made: only below the user's {@code ebb.files}, only if it is the same file still (file key), only if this process has it
 * neither open nor mapped, and never through a link.
 */
final class Deleter {
    /** The kernel's clock for file times lags behind by a timer tick; 1 s for file systems that keep whole seconds. */
    private static final long CLOCK_MILLIS = 1000;

    private final List<String> roots;

    Deleter(List<String> roots) {
        this.roots = roots;
    }

    /** What became of one file. */
    enum Fate {
        DELETED,
        /** Somebody else has deleted it, or it is another file by now. */
        GONE,
        /** Not below a root, or reached through a link. */
        OUTSIDE,
        /** Written to after the load was quiet: by somebody else, or it is a new file in the old one's place. */
        CHANGED,
        /** Open or mapped in this process, or a directory that is not empty. */
        IN_USE,
        FAILED
    }

    /** Files of this process that are open or mapped, by real path; read once for a rollback. */
    Set<String> inUse() throws IOException {
        Set<String> used = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : (Iterable<Path>) descriptors::iterator) {
                try {
                    used.add(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException closedMeanwhile) {
                    // a descriptor that is gone by now holds nothing
                }
            }
        }
        // by a stream: the first file channel of a JVM opens a socket that stays
        try (BufferedReader maps = new BufferedReader(new FileReader("/proc/self/maps", StandardCharsets.UTF_8))) {
            for (String line = maps.readLine(); line != null; line = maps.readLine()) {
                int path = line.indexOf('/');
                if (path >= 0) {
                    used.add(line.substring(path));
                }
            }
        }
        return used;
    }

    Fate delete(CreatedFile file, Set<String> inUse) {
        Path path = Path.of(file.path());
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!file.fileKey().equals(now.fileKey())) {
                return Fate.GONE;
            }
            Path real = path.getParent().toRealPath().resolve(path.getFileName());
            if (now.isSymbolicLink() || !below(real)) {
                return Fate.OUTSIDE;
            }
            if (now.lastModifiedTime().toMillis() > file.load().quietMillis() + CLOCK_MILLIS) {
                return Fate.CHANGED;
            }
            if (inUse.contains(real.toString())) {
                return Fate.IN_USE;
            }
            Files.delete(real);
            return Fate.DELETED;
        } catch (NoSuchFileException e) {
            return Fate.GONE;
        } catch (DirectoryNotEmptyException e) {
            return Fate.IN_USE;
        } catch (IOException | RuntimeException e) {
            return Fate.FAILED;
        }
    }

    boolean mayDelete() {
        return !roots.isEmpty();
    }

    /** Bytes on disk, 0 if it is not there. */
    static long bytes(CreatedFile file) {
        try {
            BasicFileAttributes now = Files.readAttributes(Path.of(file.path()), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return now.isRegularFile() ? now.size() : 0;
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    /** Compared with links resolved on both sides. */
    private boolean below(Path real) throws IOException {
        for (String root : roots) {
            Path directory = Path.of(root);
            if (Files.isDirectory(directory) && real.startsWith(directory.toRealPath()) && !real.equals(directory.toRealPath())) {
                return true;
            }
        }
        return false;
    }
}
