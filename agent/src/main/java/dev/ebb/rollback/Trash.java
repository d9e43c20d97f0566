package dev.ebb.rollback;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * One file on its way out: renamed to a name that nobody else knows, looked at again there, and only then deleted. Whatever proves under that name not to be
 * what it was taken for, or to be wanted after all, is put back, and replaces nothing. Each step can be repeated, so what {@code kill -9} interrupted is
 * finished by settling it again. Immutable.
 *
 * @param original real path
 * @param moved in the same directory
 * @param identity of the file that is to be deleted
 */
record Trash(Path original, Path moved, FileState.Identity identity) {
    static final String PREFIX = ".ebb-trash-";
    /** Some file systems (eCryptfs) take no longer names. */
    private static final int LONGEST_NAME_BYTES = 140;

    /** @param id of the journal; @param number no other file of that journal has */
    static Trash of(Path original, FileState.Identity identity, String id, int number) {
        String token = start(id) + number + '-';
        String name = original.getFileName().toString();
        // the name is for people who find it; the journal knows better
        boolean tooLong = token.length() + name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME_BYTES;
        return new Trash(original, original.resolveSibling(tooLong ? token : token + name), identity);
    }

    /** How all trash names of a journal begin. */
    static String start(String id) {
        return PREFIX + id + '-';
    }

    /** What tells this trash name from every other: all up to the original name. */
    static String token(String name) {
        int end = name.indexOf('-', PREFIX.length());
        int next = end < 0 ? -1 : name.indexOf('-', end + 1);
        return next < 0 ? name : name.substring(0, next + 1);
    }

    /** Whether it is what it says: a file and its trash name, side by side below this directory. For journals that somebody else may have written. */
    boolean isBelow(Path root, String id) {
        // the top itself is no file in it, and what lies beside it lies outside; "/" has no name
        return original.startsWith(root) && !original.equals(root) && original.equals(original.normalize())
            && moved.getFileName() != null && moved.equals(original.resolveSibling(moved.getFileName()))
            && moved.getFileName().toString().startsWith(start(id));
    }

    /** @throws IOException if its directory is gone */
    boolean isReachedWithoutLinks() throws IOException {
        return original.getParent().toRealPath().equals(original.getParent());
    }

    /** To be called after the journal is safe on disk. */
    void moveAway() throws IOException {
        Files.move(original, moved, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Deletes the file under its trash name, or puts it back.
     *
     * @param open looked at after the file was moved away: then nobody can open it any more
     * @return {@link Fate#GONE} if nothing lies under the trash name, which is so before it was moved and after it was settled
     * @throws IOException if nothing could be done; it may be tried again
     */
    Fate settle(OpenFiles open, boolean wanted) throws IOException {
        FileState now;
        try {
            now = FileState.of(moved);
        } catch (NoSuchFileException e) {
            return Fate.GONE;
        }
        Fate fate = !now.identity().isSame(identity) ? Fate.CHANGED
            : now.links() != 1 ? Fate.SHARED
            : open.containsTrash(token(moved.getFileName().toString())) ? Fate.IN_USE
            : wanted ? Fate.WANTED : Fate.DELETED;
        if (fate != Fate.DELETED && !putBack(now)) {
            // its name was taken meanwhile: the load's own file is replaced, and somebody else's must not be lost
            fate = fate == Fate.CHANGED ? Fate.STUCK : Fate.DELETED;
        }
        if (fate == Fate.DELETED) {
            Files.delete(moved);
        }
        return fate;
    }

    /** @return false if there is another file under the original name */
    private boolean putBack(FileState now) throws IOException {
        try {
            // of all ways to rename, the one that never replaces anything
            Files.createLink(original, moved);
        } catch (FileAlreadyExistsException e) {
            if (!isBack(now)) {
                return false;
            }
        } catch (IOException | UnsupportedOperationException e) {
            // a directory, or a file system without hard links: looks first and renames then
            try {
                Files.move(moved, original);
                return true;
            } catch (FileAlreadyExistsException taken) {
                return false;
            }
        }
        Files.delete(moved);
        return true;
    }

    /** Whether putting it back was interrupted between its two halves. */
    private boolean isBack(FileState now) throws IOException {
        try {
            return FileState.of(original).identity().isSame(now.identity());
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
