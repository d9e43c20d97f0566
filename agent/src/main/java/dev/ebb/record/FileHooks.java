package dev.ebb.record;

import dev.ebb.load.CreatedFile;
import dev.ebb.load.Load;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Open streams, files and channels, and what a load makes on disk. */
final class FileHooks {
    private final Loads loads;
    private final Index index;
    private final Ownership ownership;
    /** What loads have made on disk, by absolute path; left when the load is forgotten. */
    private final ConcurrentHashMap<String, CreatedFile> created = new ConcurrentHashMap<>();

    FileHooks(Loads loads, Index index, Ownership ownership) {
        this.ownership = ownership;
        this.loads = loads;
        this.index = index;
    }

    void opened(Object file, Object path) {
        Slot slot = loads.slot();
        shareIfSomebodyElses(slot, path);
        if (slot.load != null && !slot.busy && !ownership.isTheProgramsOwn(slot.load)) {
            index.add(new ObjectResource(slot.load, ResourceKind.FILE, file, String.valueOf(path)), file, false);
        }
    }

    void closed(Object file) {
        index.release(file);
    }

    /** @param options of NIO, or null for a call that always writes */
    void creating(Object path, Object options) {
        Slot slot = loads.slot();
        shareIfSomebodyElses(slot, path);
        if (slot.load == null || slot.busy) {
            return;
        }
        slot.creating = null;
        boolean writes = !(options instanceof Set) || ((Set<?>) options).contains(StandardOpenOption.CREATE)
            || ((Set<?>) options).contains(StandardOpenOption.CREATE_NEW);
        if (writes) {
            slot.busy = true;
            try {
                String absolute = absolute(path);
                slot.creating = absolute == null || new File(absolute).exists() || ownership.isTheProgramsOwn(slot.load) ? null : absolute;
            } finally {
                slot.busy = false;
            }
        }
    }

    void created(Object path) {
        Slot slot = loads.slotIfAny();
        if (slot == null || slot.creating == null || slot.busy || slot.load == null) {
            return;
        }
        slot.busy = true;
        try {
            String absolute = absolute(path);
            if (slot.creating.equals(absolute)) {
                record(slot.load, absolute);
            }
        } finally {
            slot.creating = null;
            slot.busy = false;
        }
    }

    /** What a load has made is still its own under a new name; unless it took the place of a file that was there before: that one is the program's. */
    void moved(Object source, Object target) {
        if (created.isEmpty()) {
            return;
        }
        Slot slot = loads.slotIfAny();
        String from = absolute(source);
        String to = absolute(target);
        CreatedFile file = from == null || to == null ? null : created.get(from);
        // a rename that failed has left nothing, or something else, at the target
        if (file == null || !file.fileKey().equals(fileKey(to)) || !created.remove(from, file)) {
            return;
        }
        CreatedFile replaced = created.get(to);
        boolean ours = replaced != null && replaced.load() == file.load();
        if (ours || slot != null && to.equals(slot.creating)) {
            file.movedTo(to);
            release(created.put(to, file));
        } else {
            release(file);
        }
    }

    /** Whoever else opens a file that a load has made may come to rely on it: it is the program's from then on. */
    private void shareIfSomebodyElses(Slot slot, Object path) {
        if (!created.isEmpty() && !slot.busy) {
            String absolute = absolute(path);
            CreatedFile file = absolute == null ? null : created.get(absolute);
            if (file != null && file.load() != slot.load && created.remove(absolute, file)) {
                release(file);
            }
        }
    }

    /** A file is gone from this path; whatever is made there next, perhaps with the same inode, is somebody else's. */
    void deleted(Object path) {
        if (!created.isEmpty()) {
            String absolute = absolute(path);
            if (absolute != null && created.containsKey(absolute) && fileKey(absolute) == null) {
                release(created.remove(absolute));
            }
        }
    }

    /** A call that always makes a file has made this one. */
    void made(Object path) {
        Slot slot = loads.slot();
        if (slot.load != null && !slot.busy && !ownership.isTheProgramsOwn(slot.load)) {
            slot.busy = true;
            try {
                record(slot.load, absolute(path));
            } finally {
                slot.busy = false;
            }
        }
    }

    private static void release(CreatedFile file) {
        if (file != null) {
            file.ledger().release(file);
        }
    }

    /** The load is decided: its files are the program's now, or gone. */
    void forget(Load load) {
        if (!created.isEmpty()) {
            for (Resource resource : load.ledger().live()) {
                if (resource instanceof CreatedFile) {
                    created.remove(((CreatedFile) resource).path(), resource);
                }
            }
        }
    }

    private void record(Load load, String path) {
        Object key = fileKey(path);
        if (key == null) {
            return;
        }
        CreatedFile file = new CreatedFile(load, path, key);
        if (load.ledger().add(file)) {
            release(created.put(path, file));
            if (load.ledger().wantsStack(file)) {
                file.takenAt(new Throwable("taken"));
            }
        }
    }

    private static Object fileKey(String path) {
        try {
            return Files.readAttributes(Path.of(path), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
        } catch (IOException e) {
            // it could not be made, or is gone already
            return null;
        }
    }

    private static String absolute(Object path) {
        if (path instanceof Path) {
            return ((Path) path).toAbsolutePath().normalize().toString();
        }
        File file = path instanceof File ? (File) path : path instanceof String ? new File((String) path) : null;
        return file == null ? null : file.toPath().toAbsolutePath().normalize().toString();
    }
}
