package dev.ebb.record;

import dev.ebb.load.ObjectResource;
import dev.ebb.load.ResourceKind;
import java.io.FileInputStream;

/** Open streams, files, channels and directories. */
final class FileHooks {
    private final Loads loads;
    private final Index index;
    private final Ownership ownership;
    private final DiskHooks disk;

    FileHooks(Loads loads, Index index, Ownership ownership, DiskHooks disk) {
        this.loads = loads;
        this.index = index;
        this.ownership = ownership;
        this.disk = disk;
    }

    /** A file, which the JDK closes when the garbage collector takes its object. */
    void opened(Object file, Object path) {
        Slot slot = loads.slot();
        disk.shareIfSomebodyElses(slot, path);
        record(slot, file, path, false);
    }

    /** What stays open for good if nobody closes it: an asynchronous channel, the stream of a directory. */
    void openedForGood(Object file, Object path) {
        record(loads.slot(), file, path, index.canProve());
    }

    private void record(Slot slot, Object file, Object path, boolean provable) {
        if (slot.load != null && !slot.busy && !isTheProgramsOwn(slot, file)) {
            index.add(new ObjectResource(slot.load, ResourceKind.FILE, file, String.valueOf(path)), file, provable, slot.number);
        }
    }

    /** A channel has to be known exactly: an interrupt closes it. */
    private boolean isTheProgramsOwn(Slot slot, Object file) {
        return file instanceof FileInputStream ? ownership.isStreamTheProgramsOwn(slot) : ownership.isTheProgramsOwn(slot.load);
    }

    void closed(Object file) {
        index.release(file);
    }
}
