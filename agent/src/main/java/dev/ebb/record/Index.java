package dev.ebb.record;

import dev.ebb.load.ArenaShare;
import dev.ebb.load.Block;
import dev.ebb.load.KeyedResource;
import dev.ebb.load.LastReferences;
import dev.ebb.load.Ledger;
import dev.ebb.load.Limits;
import dev.ebb.load.Load;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import dev.ebb.load.ResourceTable;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts what is taken into its load's ledger, and finds the record of what is given back, whichever load took it. Thread-safe; blocks nobody longer than a
 * few instructions take.
 */
final class Index {
    private final ResourceTable blocks;
    private final ResourceTable objects;
    /** While 0, whatever is closed needs no look, and is not asked for its identity. */
    private final AtomicInteger objectCount = new AtomicInteger();
    private final ReferenceQueue<Object> cleared = new ReferenceQueue<>();
    private final LastReferences lastReferences;

    /** @param lastReferences null on a JDK that has none */
    Index(LastReferences lastReferences, Limits limits) {
        this.lastReferences = lastReferences;
        this.blocks = new ResourceTable(limits.records());
        this.objects = new ResourceTable(limits.records());
    }

    // ---- known by address

    /** @param thread a number of the calling thread, as for {@link Ledger#add(Resource, int)} */
    void add(Block block, long address, int thread) {
        // the address may have been given back by a way that has no hook, and be in use again
        release(blocks.remove(block.kind(), address));
        addTo(blocks, block, thread);
    }

    /** @return what was recorded there, or null */
    Resource release(ResourceKind kind, long address) {
        Resource block = blocks.remove(kind, address);
        release(block);
        return block;
    }

    /** The block is about to be moved: whoever gets its address next must not meet its record. @return null if it is in no ledger */
    Resource takeOut(ResourceKind kind, long address) {
        return blocks.remove(kind, address);
    }

    /** It was not moved after all. */
    void putBack(Resource block) {
        if (!blocks.add(block)) {
            block.ledger().forgetRecord(block);
        }
    }

    void release(Resource resource) {
        if (resource != null) {
            resource.ledger().release(resource);
        }
    }

    // ---- known by an object

    /** @param provable whether a last reference shall hand the object over once nobody else reaches it; @param thread a number of the calling thread */
    void add(ObjectResource resource, Object object, boolean provable, int thread) {
        if (provable) {
            resource.keptBy(lastReferences.register(object));
        } else {
            resource.keepWeakly(object, cleared);
        }
        addObject(resource, thread);
    }

    boolean canProve() {
        return lastReferences != null;
    }

    boolean knows(Object object) {
        return objectCount.get() > 0 && objects.find(object, null) != null;
    }

    /** Whether that ledger has the object. */
    boolean isOf(Object object, Ledger ledger) {
        return objectCount.get() > 0 && objects.find(object, ledger) != null;
    }

    /** More bytes in an arena. @return false if the load has nothing in it so far */
    boolean grow(Load load, Object session, long bytes) {
        KeyedResource arena = objectCount.get() > 0 ? objects.find(session, load.ledger()) : null;
        if (arena != null) {
            load.ledger().grow(arena, bytes);
        }
        return arena != null;
    }

    /** The first bytes of the load in an arena that is another load's, or nobody's. */
    void share(Load load, Object session, long bytes, int thread) {
        KeyedResource arena = new ArenaShare(load, session, cleared);
        addObject(arena, thread);
        load.ledger().grow(arena, bytes);
    }

    /** The object was closed, for all loads that have taken something in it. @return how many bytes they had in it */
    long release(Object object) {
        long bytes = 0;
        while (objectCount.get() > 0) {
            KeyedResource resource = objects.remove(object);
            if (resource == null) {
                break;
            }
            bytes += resource.bytes();
            release(resource);
        }
        return bytes;
    }

    /** It is out of the table. */
    private void release(KeyedResource resource) {
        objectCount.decrementAndGet();
        if (resource instanceof ObjectResource) {
            forgetLast((ObjectResource) resource);
        }
        resource.ledger().release(resource);
    }

    /** Nothing is to be proven of it any more: from now on Ebb does not keep its object. */
    void letGo(ObjectResource resource) {
        Reference<?> last = resource.last();
        if (last != null) {
            // first the new key: a close in between has to find it
            resource.keepWeakly(last.get(), cleared);
            lastReferences.forget(last);
        }
    }

    private void forgetLast(ObjectResource resource) {
        Reference<?> last = resource.last();
        if (last != null) {
            lastReferences.forget(last);
            resource.keepWeakly(null, null);
        }
    }

    /** Objects that the garbage collector has taken: the JDK's own cleaners release what they held. Called by the worker. */
    void reap() {
        for (Reference<?> gone = cleared.poll(); gone != null; gone = cleared.poll()) {
            KeyedResource resource = KeyedResource.of(gone);
            if (resource != null && objects.remove(resource)) {
                release(resource);
            }
        }
    }

    private void addObject(KeyedResource resource, int thread) {
        // before it can be found, and so be released
        objectCount.incrementAndGet();
        if (!addTo(objects, resource, thread)) {
            objectCount.decrementAndGet();
        }
    }

    private static boolean addTo(ResourceTable table, Resource resource, int thread) {
        Ledger ledger = resource.ledger();
        if (!ledger.add(resource, thread)) {
            return false;
        }
        if (!table.add(resource)) {
            ledger.forgetRecord(resource);
            return false;
        }
        if (ledger.wantsStack(resource)) {
            resource.takenAt(new Throwable("taken"));
        }
        return true;
    }

    /** Nobody can tell any more what is given back. */
    void forgetAll() {
        List<Resource> all = new ArrayList<>();
        blocks.drainTo(all);
        objects.drainTo(all);
        for (Resource resource : all) {
            if (resource instanceof ObjectResource) {
                forgetLast((ObjectResource) resource);
            }
            if (resource instanceof KeyedResource) {
                objectCount.decrementAndGet();
            }
            resource.ledger().forgetRecord(resource);
        }
    }

    /** Resources that are recorded now; weakly consistent. */
    long size() {
        return blocks.size() + objects.size();
    }
}
