package dev.ebb.rollback;

import dev.ebb.load.CreatedFile;
import dev.ebb.load.EventSink;
import dev.ebb.load.Memory;
import dev.ebb.load.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The rung that deletes the files of a load. Used by the worker alone. */
final class DeleteRung {
    private final Policy policy;
    private final Deleter deleter;
    private final Memory memory;
    private final EventSink events;

    DeleteRung(Policy policy, Memory memory, EventSink events) {
        this.policy = policy;
        this.deleter = new Deleter(policy.files());
        this.memory = memory;
        this.events = events;
    }

    /**
     * Files go if nobody can be told of them any more: the load threw, or its result was closed. A load that ran to its end and returned nothing may
     * have written them for somebody else.
     */
    void climb(Case c) {
        boolean nobodys = (c.load.thrown() != null || c.resultClosed) && !c.retriedWell;
        List<CreatedFile> files = new ArrayList<>();
        for (Resource resource : c.load.ledger().live()) {
            if (resource instanceof CreatedFile) {
                files.add((CreatedFile) resource);
            }
        }
        if (files.isEmpty()) {
            return;
        }
        if (policy.delete() && nobodys && deleter.mayDelete()) {
            delete(c, files);
        }
        for (CreatedFile file : files) {
            if (!file.released()) {
                c.undeletedFiles++;
            }
        }
    }

    /** Whether files may be deleted anywhere at all. */
    boolean mayDelete() {
        return policy.delete() && deleter.mayDelete();
    }

    private void delete(Case c, List<CreatedFile> files) {
        long nanos = System.nanoTime();
        long rss = memory.residentBytes();
        long bytes = 0;
        int deleted = 0;
        try {
            Set<String> inUse = deleter.inUse();
            for (CreatedFile file : files) {
                long size = Deleter.bytes(file);
                Deleter.Fate fate = deleter.delete(file, inUse);
                if (fate == Deleter.Fate.DELETED || fate == Deleter.Fate.GONE) {
                    c.load.ledger().release(file);
                }
                if (fate == Deleter.Fate.DELETED) {
                    deleted++;
                    bytes += size;
                } else if (fate != Deleter.Fate.GONE) {
                    c.troubles.add(file.path() + " not deleted: " + fate);
                }
            }
        } catch (IOException e) {
            c.troubles.add("files not deleted: " + e);
        }
        events.event(Ladder.step(memory, c, "delete", rss, nanos).with("deleted", deleted).bytes("diskBytes", bytes));
    }
}
