package dev.ebb.rollback;

import dev.ebb.load.Load;
import dev.ebb.load.Memory;
import dev.ebb.load.Surroundings;

/** Knows what there is besides loads, and tells it to each when it is first seen. Used by the worker alone. */
final class Background {
    /** Reading it takes a tenth of a millisecond, more where the kernel has many control groups. */
    private static final long EVERY_NANOS = 1_000_000_000;

    private final Memory memory;
    private final OtherLoads others;
    private long sharedBytes;
    private Memory.FilePages pages;
    private long classBytes;
    /** A program without loads is spared what the first look at its classes costs. */
    private boolean loadsSeen;
    private long readNanos;
    private boolean read;

    Background(Memory memory, OtherLoads others) {
        this.memory = memory;
        this.others = others;
    }

    /** To be called about once a second at least, so that it is known already when a load begins. */
    void look() {
        long now = System.nanoTime();
        if (!read || now - readNanos > EVERY_NANOS) {
            read = true;
            readNanos = now;
            Memory.Resident resident = memory.resident();
            sharedBytes = resident.fileBytes() + resident.sharedBytes();
            pages = memory.filePages();
            classBytes = loadsSeen ? memory.classBytes() : -1;
        }
    }

    /** A load is open; of one that was left before it was seen, nothing can be told any more. */
    void saw(Load load) {
        if (load.surroundings() == null && !load.left()) {
            if (!read) {
                look();
            }
            if (!loadsSeen) {
                loadsSeen = true;
                classBytes = memory.classBytes();
            }
            load.beganIn(new Surroundings(sharedBytes, pages, classBytes, others.recentBytes(load)));
        }
    }
}
