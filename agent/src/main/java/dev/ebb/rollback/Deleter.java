package dev.ebb.rollback;

import dev.ebb.load.CreatedFile;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Deletes files that a load has made: only below the user's {@code ebb.files}, only if it is the same file still (file key) and nobody has changed it, only if
 * no process has it open or mapped and it has no other name, and never through a link. Files go through the {@link Trash}, written into a {@link Journal}
 * first; directories go after them, deepest first, if they are empty. May take long, and hang where a file system does.
 */
final class Deleter {
    private static final Comparator<Doomed> DEEPEST_FIRST = Comparator.comparingInt((Doomed file) -> file.real.getNameCount()).reversed();

    private final List<String> directories;

    Deleter(List<String> directories) {
        this.directories = directories;
    }

    /** One of the load's files. @param detail what the system says, or null; @param bytes on disk */
    record Result(CreatedFile file, Fate fate, String detail, long bytes) {
        String why() {
            return file.path() + " not deleted: " + fate.text() + (detail == null ? "" : ", " + detail);
        }
    }

    /** A file that may go as far as could be seen. */
    private record Doomed(CreatedFile file, Path real, FileState state) {
        Result ends(Fate fate, String detail) {
            return new Result(file, fate, detail, state.isFile() ? state.identity().bytes() : 0);
        }
    }

    /** Whether files may be deleted anywhere at all. */
    boolean mayDelete() {
        return !directories.isEmpty();
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

    /** How many of them are on disk still, and are the same. */
    static int stillThere(List<CreatedFile> files) {
        int there = 0;
        for (CreatedFile file : files) {
            try {
                there += FileState.of(Path.of(file.path())).isKnownAs(file.fileKey()) ? 1 : 0;
            } catch (IOException | RuntimeException e) {
                // it is gone, or nobody can tell
            }
        }
        return there;
    }

    /**
     * @param changedByOthers whether a change at this moment, in milliseconds since the epoch, was somebody else's and not the load's or Ebb's
     * @return one for each file, in no order
     * @throws IOException if it cannot be told what is open
     */
    List<Result> delete(List<CreatedFile> files, LongPredicate changedByOthers) throws IOException {
        List<DeletionRoot> roots = DeletionRoot.of(directories);
        List<Result> results = new ArrayList<>(files.size());
        List<Doomed> doomed = choose(files, changedByOthers, roots, OpenFiles.here(DeletionRoot.paths(roots)), results);
        if (!doomed.isEmpty()) {
            delete(doomed, roots, results);
        }
        return results;
    }

    /** How many files and directories {@link #delete} would delete, once what the load has opened is closed. */
    long wouldDelete(List<CreatedFile> files, LongPredicate changedByOthers) throws IOException {
        List<Doomed> doomed = choose(files, changedByOthers, DeletionRoot.of(directories), OpenFiles.none(), new ArrayList<>());
        Set<Path> gone = new HashSet<>();
        doomed.sort(DEEPEST_FIRST);
        for (Doomed file : doomed) {
            if (file.state.isFile() || hasOnly(file.real, gone)) {
                gone.add(file.real);
            }
        }
        return gone.size();
    }

    private static boolean hasOnly(Path directory, Set<Path> entries) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path entry : all) {
                if (!entries.contains(entry)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** @param refused gets those that are to be left */
    private static List<Doomed> choose(List<CreatedFile> files, LongPredicate changedByOthers, List<DeletionRoot> roots, OpenFiles open, List<Result> refused) {
        List<Doomed> doomed = new ArrayList<>(files.size());
        for (CreatedFile file : files) {
            try {
                Path path = Path.of(file.path());
                FileState now = FileState.of(path);
                Doomed candidate = new Doomed(file, path.getParent().toRealPath().resolve(path.getFileName()), now);
                Fate fate = refuse(candidate, changedByOthers, roots, open);
                if (fate == null) {
                    doomed.add(candidate);
                } else {
                    refused.add(candidate.ends(fate, null));
                }
            } catch (NoSuchFileException e) {
                refused.add(new Result(file, Fate.GONE, null, 0));
            } catch (IOException | RuntimeException e) {
                refused.add(new Result(file, Fate.FAILED, e.toString(), 0));
            }
        }
        return doomed;
    }

    /** @return why it is to be left, or null */
    private static Fate refuse(Doomed file, LongPredicate changedByOthers, List<DeletionRoot> roots, OpenFiles open) throws IOException {
        FileState now = file.state;
        if (!now.isKnownAs(file.file.fileKey())) {
            return Fate.GONE;
        }
        DeletionRoot root = DeletionRoot.around(file.real, roots);
        if (root == null) {
            return Fate.OUTSIDE;
        }
        // directories tell: overlay file systems report devices of their own for files
        if (FileState.of(now.isDirectory() ? file.real : file.real.getParent()).device() != root.device()) {
            return Fate.OTHER_MOUNT;
        }
        return !now.isFile() && !now.isDirectory() ? Fate.NO_FILE
            : changedByOthers.test(now.changedMillis()) ? Fate.CHANGED
            : now.isFile() && now.links() != 1 ? Fate.SHARED
            : open.contains(file.real) ? Fate.IN_USE : null;
    }

    private static void delete(List<Doomed> doomed, List<DeletionRoot> roots, List<Result> results) {
        Map<DeletionRoot, List<Doomed>> byRoot = new IdentityHashMap<>();
        List<Doomed> emptied = new ArrayList<>();
        for (Doomed file : doomed) {
            if (file.state.isDirectory()) {
                emptied.add(file);
            } else {
                byRoot.computeIfAbsent(DeletionRoot.around(file.real, roots), root -> new ArrayList<>()).add(file);
            }
        }
        byRoot.forEach((root, files) -> deleteFiles(root, files, results));
        emptied.sort(DEEPEST_FIRST);
        for (Doomed directory : emptied) {
            results.add(deleteDirectory(directory));
        }
    }

    private static void deleteFiles(DeletionRoot root, List<Doomed> files, List<Result> results) {
        Map<Trash, Doomed> known = new IdentityHashMap<>();
        try (Journal journal = journal(root, files, known)) {
            new Deletion(journal, trash -> known.get(trash).file.released(), (trash, fate, detail) -> results.add(known.get(trash).ends(fate, detail))).run();
        } catch (IOException e) {
            String detail = "the journal cannot be written, and so nothing is: " + e;
            files.forEach(file -> results.add(file.ends(Fate.FAILED, detail)));
        }
    }

    /** @param known gets what each entry of the journal stands for */
    private static Journal journal(DeletionRoot root, List<Doomed> files, Map<Trash, Doomed> known) throws IOException {
        String id = Journal.newId();
        List<Trash> all = new ArrayList<>(files.size());
        for (Doomed file : files) {
            Trash trash = Trash.of(file.real, file.state.identity(), id, all.size());
            all.add(trash);
            known.put(trash, file);
        }
        return Journal.write(root.real(), id, all);
    }

    /** Empty or not is decided by the system in the moment of deletion, so this needs no trash. */
    private static Result deleteDirectory(Doomed directory) {
        try {
            if (!FileState.of(directory.real).isKnownAs(directory.file.fileKey())) {
                return directory.ends(Fate.GONE, null);
            }
            Files.delete(directory.real);
            return directory.ends(Fate.DELETED, null);
        } catch (NoSuchFileException e) {
            return directory.ends(Fate.GONE, null);
        } catch (DirectoryNotEmptyException e) {
            return directory.ends(Fate.NOT_EMPTY, null);
        } catch (IOException e) {
            return directory.ends(Fate.FAILED, e.toString());
        }
    }
}
