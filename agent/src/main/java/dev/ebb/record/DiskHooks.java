package dev.ebb.record;

import dev.ebb.load.CreatedFile;
import dev.ebb.load.GrownFile;
import dev.ebb.load.Load;
import dev.ebb.load.Resource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a load makes on disk, moves there, and writes to. */
final class DiskHooks {
    private final Loads loads;
    private final Ownership ownership;
    /** What loads have made on disk, by absolute path; left when the load is forgotten. */
    private final ConcurrentHashMap<String, CreatedFile> created = new ConcurrentHashMap<>();
    private final GrownFiles grown = new GrownFiles();

    DiskHooks(Loads loads, Ownership ownership) {
        this.ownership = ownership;
        this.loads = loads;
    }

    /** @param options of NIO, or null for a call that always makes a file where there is none; @param readOnly it does not write after all */
    void creating(Object path, Object options, boolean readOnly) {
        Slot slot = loads.slot();
        shareIfSomebodyElses(slot, path);
        if (slot.load == null || slot.busy) {
            return;
        }
        slot.creating = null;
        slot.linkedTo = null;
        Set<?> set = options instanceof Set ? (Set<?>) options : null;
        boolean makes = !readOnly && (set == null || set.contains(StandardOpenOption.CREATE) || set.contains(StandardOpenOption.CREATE_NEW));
        boolean writes = makes || set != null && (set.contains(StandardOpenOption.WRITE) || set.contains(StandardOpenOption.APPEND));
        if (writes) {
            slot.busy = true;
            try {
                writing(slot, absolute(path), makes);
            } finally {
                slot.busy = false;
            }
        }
    }

    private void writing(Slot slot, String absolute, boolean makes) {
        File file = absolute == null ? null : new File(absolute);
        if (file != null && file.exists()) {
            if (file.isFile() && !created.containsKey(absolute) && !ownership.isTheProgramsOwn(slot.load)) {
                grown.opening(slot.load, absolute, file.length());
            }
        } else if (file != null && makes && !ownership.isTheProgramsOwn(slot.load)) {
            slot.creating = absolute;
        }
    }

    /** Another name for a file is about to be made. */
    void linking(Object link, Object existing) {
        creating(link, null, false);
        Slot slot = loads.slot();
        shareIfSomebodyElses(slot, existing);
        if (slot.creating != null && !slot.busy) {
            slot.linkedTo = absolute(existing);
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
                CreatedFile original = slot.linkedTo == null ? null : created.get(slot.linkedTo);
                record(slot.load, absolute, slot.linkedTo == null || original != null && original.ledger() == slot.load.ledger());
            }
        } finally {
            slot.creating = null;
            slot.linkedTo = null;
            slot.busy = false;
        }
    }

    void moved(Object source, Object target) {
        if (created.isEmpty() && grown.isEmpty()) {
            return;
        }
        String from = absolute(source);
        String to = absolute(target);
        if (from != null && to != null) {
            Slot slot = loads.slot();
            if (slot.busy) {
                // Ebb moves it out of the way to delete it, or back
                return;
            }
            slot.busy = true;
            try {
                movedItself(slot, from, to);
                grown.moved(from, to);
                if (!created.isEmpty() && new File(to).isDirectory()) {
                    movedWithDirectory(from, to);
                }
            } finally {
                slot.busy = false;
            }
        }
    }

    /** What a load has made is still its own under a new name; unless it took the place of a file that was there before: that one is the program's. */
    private void movedItself(Slot slot, String from, String to) {
        CreatedFile file = created.get(from);
        // a rename that failed has left nothing, or something else, at the target
        if (file == null || !file.fileKey().equals(fileKey(to)) || !created.remove(from, file)) {
            return;
        }
        CreatedFile replaced = created.get(to);
        boolean ours = replaced != null && replaced.ledger() == file.ledger();
        if (ours || to.equals(slot.creating)) {
            file.movedTo(to);
            release(created.put(to, file));
        } else {
            release(file);
        }
    }

    /** What lies in a directory has another name with it. */
    private void movedWithDirectory(String from, String to) {
        String below = from.concat("/");
        for (Map.Entry<String, CreatedFile> entry : created.entrySet()) {
            String path = entry.getKey();
            CreatedFile file = entry.getValue();
            if (path.startsWith(below)) {
                String moved = to.concat(path.substring(from.length()));
                if (file.fileKey().equals(fileKey(moved)) && created.remove(path, file)) {
                    file.movedTo(moved);
                    release(created.put(moved, file));
                }
            }
        }
    }

    /** Whoever else opens a file that a load has made may come to rely on it: it is the program's from then on. */
    void shareIfSomebodyElses(Slot slot, Object path) {
        if (!created.isEmpty() && !slot.busy) {
            String absolute = absolute(path);
            CreatedFile file = absolute == null ? null : created.get(absolute);
            if (file != null && (slot.load == null || file.ledger() != slot.load.ledger()) && created.remove(absolute, file)) {
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
                record(slot.load, absolute(path), true);
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

    /** The load has become quiet; on whatever thread was its last. */
    void quiet(Load load) {
        grown.settle(load);
    }

    /** The load is decided: its files are the program's now, or gone. */
    void forget(Load load) {
        if (created.isEmpty() && grown.isEmpty()) {
            return;
        }
        for (Resource resource : load.ledger().live()) {
            if (resource instanceof CreatedFile) {
                created.remove(((CreatedFile) resource).path(), resource);
            } else if (resource instanceof GrownFile) {
                grown.forget((GrownFile) resource, load);
            }
        }
    }

    private void record(Load load, String path, boolean ownsBytes) {
        Object key = fileKey(path);
        if (key == null) {
            return;
        }
        CreatedFile file = new CreatedFile(load, path, key, ownsBytes);
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
