package dev.ebb.record;

import dev.ebb.load.ArenaResource;
import dev.ebb.load.Block;
import dev.ebb.load.CloseWatcher;
import dev.ebb.load.Load;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import dev.ebb.load.TrackedResource;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/** Direct buffers, mappings, foreign arenas, Unsafe memory, and objects that hold memory which Ebb cannot see. */
final class MemoryHooks {
    private final Loads loads;
    private final Index index;
    private final Ownership ownership;
    /** Whether objects of a tracked class can be closed. Asked once, it is heard of each close, or cannot be: a subclass may have been loaded before anybody knew what is above it. */
    private final ClassValue<Boolean> closeable;

    MemoryHooks(Loads loads, Index index, Ownership ownership, CloseWatcher closeWatcher) {
        closeable = new ClassValue<>() {
            @Override
            protected Boolean computeValue(Class<?> type) {
                boolean heard = closeWatcher.watch(type);
                return AutoCloseable.class.isAssignableFrom(type) || heard && hasClose(type);
            }
        };
        this.ownership = ownership;
        this.loads = loads;
        this.index = index;
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

    /** Recorded without its scope, which nobody but the program closes. */
    void incubatingAcquired(long address, long bytes) {
        acquired(loads.slot(), ResourceKind.ARENA, address, bytes);
    }

    void released(ResourceKind kind, long address) {
        Resource block = index.release(kind, address);
        Slot slot = block == null || kind == ResourceKind.MAPPED ? null : loads.slotIfAny();
        if (slot != null) {
            slot.malloc.unlisted(block.bytes());
        }
    }

    /** About to be given another size, which may move it, free it, or fail. */
    void unsafeReallocating(long address) {
        Resource block = index.takeOut(ResourceKind.UNSAFE, address);
        if (block != null) {
            loads.slot().reallocating = block;
        }
    }

    /** @param address 0 if the new size is 0 */
    void unsafeReallocated(long address, long bytes) {
        Slot slot = loads.slotIfAny();
        if (slot != null) {
            if (slot.reallocating != null) {
                index.release(slot.reallocating);
                slot.malloc.unlisted(slot.reallocating.bytes());
                slot.reallocating = null;
            }
            if (address != 0) {
                acquired(slot, ResourceKind.UNSAFE, address, bytes);
            }
        }
    }

    /** The block is where it was. */
    void unsafeNotReallocated() {
        Slot slot = loads.slotIfAny();
        if (slot != null && slot.reallocating != null) {
            index.putBack(slot.reallocating);
            slot.reallocating = null;
        }
    }

    void arenaOpened(Object session) {
        Slot slot = loads.slot();
        if (slot.load == null || slot.busy || ownership.isTheProgramsOwn(slot.load)) {
            return;
        }
        String what = session.getClass().getSimpleName();
        // the garbage collector gives an implicit one back by itself
        index.add(new ArenaResource(slot.load, session, what), session, index.canProve() && !what.startsWith("Implicit"), slot.number);
    }

    void segmentAcquired(Object session, long bytes) {
        Slot slot = loads.slotIfAny();
        if (slot != null && slot.load != null && !slot.busy) {
            if (!index.grow(slot.load, session, bytes) && !ownership.isBlockTheProgramsOwn(slot, bytes)) {
                index.share(slot.load, session, bytes, slot.number);
            }
            slot.malloc.listed(bytes);
        }
    }

    void arenaClosed(Object session) {
        long bytes = index.release(session);
        Slot slot = bytes == 0 ? null : loads.slotIfAny();
        if (slot != null) {
            slot.malloc.unlisted(bytes);
        }
    }

    /** May be told several times of one object: by each constructor that calls another. */
    void trackedConstructed(Object object) {
        Slot slot = loads.slot();
        boolean wanted = slot.load != null && !slot.busy && index.canProve() && !index.knows(object);
        if (wanted && !ownership.isTheProgramsOwn(slot.load) && isCloseable(slot, object.getClass())) {
            index.add(new TrackedResource(slot.load, object), object, true, slot.number);
        }
    }

    /** To be asked before the object is recorded, so that no close is missed: its constructor goes on. */
    private boolean isCloseable(Slot slot, Class<?> type) {
        slot.busy = true;
        try {
            return closeable.get(type);
        } finally {
            slot.busy = false;
        }
    }

    /** Engines older than AutoCloseable have handles with a close of their own. */
    private static boolean hasClose(Class<?> type) {
        try {
            Method close = type.getMethod("close");
            return close.getReturnType() == void.class && !Modifier.isStatic(close.getModifiers());
        } catch (NoSuchMethodException | LinkageError | RuntimeException e) {
            // the last is a security manager's
            return false;
        }
    }

    void trackedClosed(Object object) {
        index.release(object);
    }

    private void acquired(Slot slot, ResourceKind kind, long address, long bytes) {
        Load load = slot.load;
        if (load != null && !slot.busy) {
            if (!ownership.isBlockTheProgramsOwn(slot, bytes)) {
                index.add(new Block(load, kind, address, bytes), address, slot.number);
            }
            if (kind != ResourceKind.MAPPED) {
                // the program's own, too: it is not what the load takes from malloc
                slot.malloc.listed(bytes);
            }
        }
    }
}
