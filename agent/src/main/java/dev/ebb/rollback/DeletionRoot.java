package dev.ebb.rollback;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory of {@code ebb.files} as it is now. Immutable.
 *
 * @param real without links in it
 * @param device the file system that it is on
 */
record DeletionRoot(Path real, long device) {
    /** Those that are there. */
    static List<DeletionRoot> of(List<String> directories) {
        List<DeletionRoot> roots = new ArrayList<>(directories.size());
        for (String directory : directories) {
            try {
                Path real = Path.of(directory).toRealPath();
                if (Files.isDirectory(real)) {
                    roots.add(new DeletionRoot(real, FileState.of(real).device()));
                }
            } catch (IOException | RuntimeException e) {
                // not there, or not to be read: then nothing below it is deleted
            }
        }
        return roots;
    }

    /** The first of them that this path lies below, or null. */
    static DeletionRoot around(Path real, List<DeletionRoot> roots) {
        for (DeletionRoot root : roots) {
            if (real.startsWith(root.real) && !real.equals(root.real)) {
                return root;
            }
        }
        return null;
    }

    static List<Path> paths(List<DeletionRoot> roots) {
        List<Path> paths = new ArrayList<>(roots.size());
        for (DeletionRoot root : roots) {
            paths.add(root.real);
        }
        return paths;
    }
}
