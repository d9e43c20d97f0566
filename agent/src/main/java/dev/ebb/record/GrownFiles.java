package dev.ebb.record;

import dev.ebb.load.GrownFile;
import dev.ebb.load.Load;
import dev.ebb.load.ResourceKind;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Files of the program that loads write to, one for each load and path; left when the load is decided. Thread-safe. */
final class GrownFiles {
    private final ConcurrentHashMap<Key, GrownFile> open = new ConcurrentHashMap<>();

    private record Key(long load, String path) { }

    boolean isEmpty() {
        return open.isEmpty();
    }

    void opening(Load load, String path, long sizeBefore) {
        Key key = new Key(load.id(), path);
        if (!open.containsKey(key)) {
            GrownFile file = new GrownFile(load, path, sizeBefore);
            if (open.putIfAbsent(key, file) == null && !load.ledger().add(file)) {
                open.remove(key, file);
            }
        }
    }

    void moved(String from, String to) {
        if (!open.isEmpty()) {
            for (GrownFile file : open.values()) {
                if (file.path().equals(from)) {
                    file.movedTo(to);
                }
            }
        }
    }

    void settle(Load load) {
        if (!open.isEmpty() && load.ledger().takenCount(ResourceKind.GROWN) > 0) {
            for (Map.Entry<Key, GrownFile> entry : open.entrySet()) {
                if (entry.getKey().load() == load.id()) {
                    entry.getValue().settle();
                }
            }
        }
    }

    /** Nothing of it is held: the program's file has what was written. */
    void forget(GrownFile file, Load load) {
        open.remove(new Key(load.id(), file.openedAs()), file);
        load.ledger().release(file);
    }
}
