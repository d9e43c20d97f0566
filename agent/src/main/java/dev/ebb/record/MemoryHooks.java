package dev.ebb.record;

import dev.ebb.load.LastReferences;
import dev.ebb.load.Load;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;

/** Direct buffers, mappings, foreign arenas, Unsafe memory, and objects that hold memory which Ebb cannot see. */
final class MemoryHooks {
    /** From this size on, and for the first few of a load, the acquiring stack is kept: it costs 1 to 2 microseconds. */
    private static final long STACK_FROM_BYTES = 1 << 20;
    private static final long STACKS_AT_FIRST = 16;

    private final Loads loads;
    private final Index index;
    private final LastReferences lastReferences;
    private final Ownership ownership;

    MemoryHooks(Loads loads, Index index, LastReferences lastReferences, Ownership ownership) {
        this.ownership = ownership;
        this.loads = loads;
        this.index = index;
        this.lastReferences = lastReferences;
    }

    /** The next direct buffer of this thread is one that NIO keeps for the thread's own reads and writes. */
    void directForNio() {
        Slot slot = loads.slotIfAny();
        if (slot != null) {
            slot.nioBuffer = true;
        }
    }

    void directAcquired(long address, long bytes) {
        Slot slot = loads.slot();
        boolean forNio = slot.nioBuffer;
        slot.nioBuffer = false;
        if (!forNio) {
            acquired(slot, ResourceKind.DIRECT, address, bytes);
        }
    }

    void mappingAcquired(long address, long bytes) {
        acquired(loads.slot(), ResourceKind.MAPPED, address, bytes);
    }

    void unsafeAcquired(long address, long bytes) {
        if (address != 0) {
            acquired(loads.slot(), ResourceKind.UNSAFE, address, bytes);
        }
    }

    void released(ResourceKind kind, long address) {
        if (!index.isEmpty()) {
            // allocated only to look up; cheap, and gone with the young generation
            index.releaseByAddress(new Resource(null, kind, address, 0));
        }
    }

    void arenaOpened(Object session) {
        Slot slot = loads.slot();
        if (slot.load == null || slot.busy || ownership.isTheProgramsOwn(slot.load)) {
            return;
        }
        boolean implicit = session.getClass().getSimpleName().startsWith("Implicit");
        ObjectResource arena = new ObjectResource(slot.load, ResourceKind.ARENA, index.keyFor(session), session.getClass().getSimpleName());
        if (!implicit && lastReferences != null) {
            arena.last(lastReferences.register(session));
        }
        arena.takenAt(new Throwable("taken"));
        index.addByObject(arena);
    }

    void segmentAcquired(Object session, long bytes) {
        Slot slot = loads.slotIfAny();
        if (slot == null || slot.load == null || slot.busy) {
            return;
        }
        ObjectResource arena = index.find(session);
        if (arena != null) {
            arena.load().ledger().grow(arena, bytes);
        }
    }

    void arenaClosed(Object session) {
        index.releaseByObject(session);
    }

    /** May be told several times of one object: by each constructor that calls another. */
    void trackedConstructed(Object object) {
        Slot slot = loads.slot();
        boolean wanted = slot.load != null && !slot.busy && object instanceof AutoCloseable && lastReferences != null && index.find(object) == null;
        if (wanted && !ownership.isTheProgramsOwn(slot.load)) {
            ObjectResource resource = new ObjectResource(slot.load, ResourceKind.TRACKED, index.keyFor(object), object.getClass().getName());
            resource.last(lastReferences.register(object));
            resource.takenAt(new Throwable("taken"));
            index.addByObject(resource);
        }
    }

    void trackedClosed(Object object) {
        index.releaseByObject(object);
    }

    private void acquired(Slot slot, ResourceKind kind, long address, long bytes) {
        Load load = slot.load;
        if (load == null || slot.busy) {
            return;
        }
        Resource resource = new Resource(load, kind, address, bytes);
        if (bytes >= STACK_FROM_BYTES || load.ledger().takenCount(kind) < STACKS_AT_FIRST) {
            resource.takenAt(new Throwable("taken"));
        }
        index.addByAddress(resource);
    }
}
