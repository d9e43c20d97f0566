package dev.ebb.record;

import dev.ebb.bridge.EbbBridge;
import dev.ebb.load.LastReferences;
import dev.ebb.load.LateResult;
import dev.ebb.load.Load;
import dev.ebb.load.LoadArena;
import dev.ebb.load.LoadListener;
import dev.ebb.load.Presence;
import dev.ebb.load.Memory;
import dev.ebb.load.Site;
import dev.ebb.load.Trouble;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** All loads whose end is not decided yet, and the slots of the threads that work for them. Thread-safe; blocks nobody. */
final class Loads {
    private final Memory memory;
    private final ThreadLocal<Slot> slots = new ThreadLocal<>();
    private final Presences presences = new Presences();
    private final Set<Load> undecided = ConcurrentHashMap.newKeySet();
    private final Carriers carriers = new Carriers();
    /** Those of them that have left a result. */
    private final Set<Load> withResult = ConcurrentHashMap.newKeySet();
    /** Threads that loads have started and that have not ended; a thread finds its load here when Ebb first hears of it. */
    private final ConcurrentHashMap<Thread, Load> born = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    /** Loads that somebody gave up on and whose result might still be read; while 0, reading a future needs no look. */
    private final AtomicInteger givenUp = new AtomicInteger();
    private final LastReferences lastReferences;
    private final Trouble trouble;
    private volatile LoadListener listener;
    private volatile DiskHooks disk;
    private volatile StageWatch stages;
    private volatile LoadBoundary boundary;

    /** @param lastReferences null on a JDK that has none */
    Loads(Memory memory, LastReferences lastReferences, Trouble trouble) {
        this.trouble = trouble;
        this.memory = memory;
        this.lastReferences = lastReferences;
    }

    void listen(LoadListener to) {
        listener = to;
    }

    /** The rest of the recorder, which itself needs this. */
    void connect(StageWatch watch, LoadBoundary loadBoundary, DiskHooks diskHooks) {
        disk = diskHooks;
        stages = watch;
        boundary = loadBoundary;
    }

    /** Something of Ebb's own failed where a load or a task of the program begins or ends: it must not notice. */
    void failed(Throwable cause) {
        trouble.report("record", cause, null);
    }

    LoadListener listener() {
        return listener;
    }

    /** The slot of this thread; of a thread that a load has started, with that load. */
    Slot slot() {
        Slot slot = slots.get();
        if (slot == null) {
            Load load = born.isEmpty() ? null : born.get(Thread.currentThread());
            Presence presence = load == null ? null : presences.of(Thread.currentThread());
            slot = new Slot(new MallocMeter(memory), presence, presences);
            slots.set(slot);
            if (load != null) {
                slot.malloc.sinceItsBirth();
                slot.workFor(load);
            }
        }
        return slot;
    }

    /** Null if Ebb never heard of this thread. */
    Slot slotIfAny() {
        return slots.get();
    }

    /** Where a thread that is inside a load says what it does; null of another. */
    Presence presenceOf(Thread thread) {
        Presence presence = presences.of(thread);
        return presence == null || presence.inside() == 0 ? null : presence;
    }

    /** On the thread of the slot. */
    Load begin(Site site, String label, Load parent, Slot slot) {
        LoadListener to = listener;
        Load load = new Load(ids.incrementAndGet(), site, label, parent, to.residentBytes());
        load.arena(memory.arena());
        load.threads().countHeapBy(HeapMeter.OF_ANY);
        // before anybody can find the load: a caller may be giving up on its future just now
        load.futures().carriedBy(slot.futures());
        findable(load);
        // what can fail for want of memory is done
        if (parent != null) {
            parent.join();
        }
        EbbBridge.OPEN.incrementAndGet();
        to.began(load);
        return load;
    }

    private void findable(Load load) {
        boolean found = false;
        try {
            carriers.add(load);
            undecided.add(load);
            found = true;
        } finally {
            if (!found) {
                // no memory: it never was
                carriers.remove(load);
            }
        }
    }

    /** Somebody who worked for {@code load} goes. */
    void leave(Load load) {
        if (load.leave()) {
            EbbBridge.OPEN.decrementAndGet();
            takeBackStop(load);
            giveArenaBack(load);
            try {
                disk.quiet(load);
                listener.changed(load);
            } finally {
                if (load.parent() != null) {
                    leave(load.parent());
                }
            }
        } else if (load.onlyStagesWait()) {
            stages.onlyStagesWait(load);
            listener.changed(load);
        }
    }

    /** What began with that frame, or null, has ended, and whatever has begun since. */
    void end(Slot slot, Frame frame) {
        if (frame != null) {
            unwindAbove(slot, frame);
            endTop(slot);
        }
    }

    /** What has begun since that frame has ended, and was not seen to. */
    void unwindAbove(Slot slot, Frame frame) {
        while (slot.top() != frame && slot.top().below != null) {
            endTop(slot);
        }
    }

    private void endTop(Slot slot) {
        Frame frame = slot.top();
        if (frame.ticket != null) {
            frame.ticket.exitTop(slot);
        } else if (frame.key instanceof Load) {
            boundary.unwound(slot);
        } else {
            slot.pop(HeapMeter.allocatedBytes());
        }
    }

    /** No more will be heard of it, its resources aside. */
    void decided(Load load) {
        takeBackStop(load);
        try {
            if (undecided.contains(load)) {
                carriers.remove(load);
            }
        } finally {
            // whatever fails for want of memory: a load that stays undecided would be kept for ever
            if (undecided.remove(load) && load.futures().callerGaveUp()) {
                givenUp.decrementAndGet();
            }
            withResult.remove(load);
            giveArenaBack(load);
        }
    }

    /** Once nobody works for the load and nobody asks for its figures any more; whichever comes last. */
    private void giveArenaBack(Load load) {
        LoadArena arena = load.arena();
        if (arena != null && load.quiet() && !undecided.contains(load)) {
            load.arena(null);
            arena.giveBack();
        }
    }

    /** @param message of the error that checkpoints throw in threads of the load from now on; null if they throw none */
    void stop(Load load, String message) {
        if (load.stop().give(message)) {
            EbbBridge.STOPPING.incrementAndGet();
        }
    }

    void takeBackStop(Load load) {
        if (load.stop().takeBack()) {
            EbbBridge.STOPPING.decrementAndGet();
        }
    }

    Set<Load> undecided() {
        return undecided;
    }

    /** Of the undecided loads, those that have left a result, or are about to. */
    Set<Load> withResult() {
        return withResult;
    }

    /** Its body has left something. */
    void left(Load load, LateResult result) {
        // found before it is there: once it is there, no close of it may go unheard
        withResult.add(load);
        load.result(result);
        if (!undecided.contains(load)) {
            // decided while its body was running: Ebb has failed at it, and nobody is going to forget what it holds
            withResult.remove(load);
            load.letGoOfResult();
        }
    }

    /** Of the undecided loads, those that the future may carry, itself or through what it depends on; no others have anything to do with it. */
    Collection<Load> carriedBy(Object future) {
        return carriers.of(future);
    }

    void gaveUp(Load load, Object future) {
        if (load.futures().giveUp(future)) {
            givenUp.incrementAndGet();
        }
        keepResult(load);
        listener.changed(load);
    }

    /** Nobody may ever read its result: what it returns, or has returned, is kept for the proof. To be called while the program still holds it. */
    void keepResult(Load load) {
        if (load.result() != null) {
            load.result().keep(lastReferences);
        }
    }

    boolean anyGivenUp() {
        return givenUp.get() > 0;
    }

    /** @param poolWorker it will work for the load in its tasks alone */
    void threadStarting(Thread thread, Load load, boolean poolWorker) {
        Presence presence = new Presence(poolWorker);
        presence.inside(1);
        presences.add(thread, presence);
        load.join();
        load.born(thread, presence);
        born.put(thread, load);
    }

    boolean isBorn(Thread thread) {
        return !born.isEmpty() && born.containsKey(thread);
    }

    /** @param cpuNanos all processor time that the thread has used, or -1; @return the load that has started this thread, or null */
    Load threadEnded(Thread thread, long cpuNanos) {
        Load load = born.isEmpty() ? null : born.remove(thread);
        if (load != null) {
            load.ended(thread, cpuNanos);
            presences.remove(thread);
        }
        return load;
    }

    /** Threads whose end could not be recorded. Called by the worker about once a second; one that has yet to start may take longer than that. */
    void reapThreads() {
        presences.reap();
        for (Thread thread : born.keySet()) {
            if (thread.getState() == Thread.State.TERMINATED) {
                threadGone(thread);
            }
        }
    }

    /** It has ended or will never run; nothing happens if no load has started it. */
    void threadGone(Thread thread) {
        Load load = threadEnded(thread, -1);
        if (load != null) {
            leave(load);
        }
    }
}
