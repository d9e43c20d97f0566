package dev.ebb.record;

import dev.ebb.bridge.EbbBridge;
import dev.ebb.load.Accounts;
import dev.ebb.load.CloseWatcher;
import dev.ebb.load.Kind;
import dev.ebb.load.LastReferences;
import dev.ebb.load.LateResult;
import dev.ebb.load.Limits;
import dev.ebb.load.Load;
import dev.ebb.load.LoadListener;
import dev.ebb.load.LoadRegistry;
import dev.ebb.load.Memory;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.Resource;
import dev.ebb.load.ResourceKind;
import dev.ebb.load.Site;
import dev.ebb.load.Sites;
import dev.ebb.load.Trouble;
import java.lang.invoke.MethodHandles;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Hears what woven code tells, on the threads of the program, and writes it into the ledgers. Takes no lock that anybody waits for, logs nothing, formats
 * nothing; what it must not throw, the bridge catches.
 */
public final class Recorder extends EbbBridge implements LoadRegistry {
    private final Loads loads;
    private final ThreadSampler sampler;
    private final Accounts accounts = new Accounts();
    private final Index index;
    private final Trouble trouble;
    private final Sites sites;
    private final ReleaseHooks releases;
    private final LoadBoundary boundary;
    private final MemoryHooks memory;
    private final FileHooks files;
    private final DiskHooks disk;
    private final TaskHooks tasks;
    private final ThreadHooks threads;
    private final FutureHooks futures;
    private final Checkpoints checkpoints;
    private final ClosedBefore closedBefore = new ClosedBefore();
    private final Disturbance disturbance;
    private final Runnable boundaryLost;
    private volatile Consumer<Object> management;

    /**
     * @param lookups private access to the class of {@code java.util.concurrent} that it is given, and its package
     * @param ignored prefixes of classes below whose frames nothing is the load's
     * @param lastReferences null on a JDK that has none
     * @param boundaryLost to be run, on a thread of the program, when an enter or exit of a watched method was missed
     */
    public Recorder(Sites sites, Function<Class<?>, MethodHandles.Lookup> lookups, LastReferences lastReferences, List<String> ignored, CloseWatcher closeWatcher,
                    Memory process, Trouble trouble, Runnable boundaryLost)
        throws ReflectiveOperationException {
        this.trouble = trouble;
        this.boundaryLost = boundaryLost;
        loads = new Loads(process, lastReferences, trouble);
        sampler = new ThreadSampler(loads);
        index = new Index(lastReferences, Limits.ofThisJvm());
        ClassInits.use(lookups);
        Ownership ownership = new Ownership(new FrameTypes(ignored, lookups));
        memory = new MemoryHooks(loads, index, ownership, closeWatcher);
        disk = new DiskHooks(loads, ownership);
        files = new FileHooks(loads, index, ownership, disk);
        checkpoints = new Checkpoints(loads, ownership);
        disturbance = new Disturbance(ownership, index, new Channels(lookups), trouble);
        threads = new ThreadHooks(loads, ownership);
        FutureInternals internals = new FutureInternals(lookups.apply(FutureTask.class));
        StageWatch stages = new StageWatch(internals);
        tasks = new TaskHooks(loads, stages, internals);
        futures = new FutureHooks(loads, internals, lookups);
        releases = new ReleaseHooks(loads, sites, process);
        boundary = new LoadBoundary(loads, futures, sites, closeWatcher, closedBefore, ownership, releases);
        this.sites = sites;
        loads.connect(stages, boundary, disk);
    }

    /** @param to gets the platform's MBean server once somebody else has it */
    public void onManagement(Consumer<Object> to) {
        management = to;
    }

    public void listen(LoadListener listener) {
        loads.listen(listener);
    }

    /** Resources recorded now. */
    public long records() {
        return index.size();
    }

    /** From now on it is not known what is given back: what is recorded stays counted. */
    public void forgetRecords() {
        index.forgetAll();
        accounts.prune();
    }

    // ---- for the worker

    @Override
    public Set<Load> undecided() {
        return loads.undecided();
    }

    @Override
    public void decided(Load load) {
        threads.ownPools().decided(load);
        disk.forget(load);
        // in this order it is always in one of the two
        accounts.open(load.ledger());
        loads.decided(load);
    }

    @Override
    public boolean passOver(Load load) {
        for (Resource resource : load.ledger().live()) {
            if (resource instanceof ObjectResource && ((ObjectResource) resource).last() != null) {
                return false;
            }
        }
        load.forget();
        decided(load);
        return true;
    }

    @Override
    public Accounts accounts() {
        return accounts;
    }

    @Override
    public void stop(Load load, String message) {
        loads.stop(load, message);
    }

    @Override
    public void takeBackStop(Load load) {
        loads.takeBackStop(load);
    }

    @Override
    public String refusal(Load load, Thread thread) {
        return disturbance.refusal(load, thread);
    }

    @Override
    public int cancelWaiting(Load load, boolean acts) {
        return tasks.cancelWaiting(load, acts);
    }

    @Override
    public List<String> sendIdleHome(Load load, boolean acts) {
        return threads.ownPools().sendIdleHome(load, acts);
    }

    @Override
    public boolean isWaitedOn(Load load) {
        return futures.isWaitedOn(load);
    }

    @Override
    public boolean isWanted(Load load) {
        return futures.isWanted(load);
    }

    @Override
    public void letGo(ObjectResource resource) {
        index.letGo(resource);
    }

    @Override
    public void reap() {
        tasks.reap();
        index.reap();
        releases.reap();
    }

    @Override
    public void sampleThreads() {
        sampler.look();
    }

    @Override
    public void reapThreads() {
        loads.reapThreads();
        tasks.reapSlowly();
        accounts.prune();
        releases.prune();
    }

    @Override
    public void ignoreThisThread() {
        loads.slot().busy = true;
    }

    @Override
    public void charge(Load load) {
        loads.slot().malloc.charge(load);
    }

    // ---- from woven code

    @Override
    protected void onEntered(int site, Object receiver, Object[] arguments) {
        Site entered = sites.get(site);
        if (entered.releases()) {
            try {
                releases.entered(entered, receiver, arguments);
            } catch (RuntimeException | Error e) {
                // no load is missed by it
                trouble.report("record release", e, null);
            }
        } else {
            boundary.entered(site, receiver, arguments);
        }
    }

    @Override
    protected void onLeft(int site, Object result, Throwable thrown) {
        if (sites.get(site).releases()) {
            try {
                releases.left();
            } catch (RuntimeException | Error e) {
                trouble.report("record release", e, null);
            }
        } else {
            boundary.left(site, result, thrown);
        }
    }

    @Override
    protected Object onWrap(int kind, Object owner, Object task) {
        return tasks.wrap(kind, owner, task);
    }

    @Override
    protected void onTaken(int kind, Object a, Object b, long x, long y) {
        switch (kind) {
            case Kind.DIRECT_ACQUIRED -> memory.directAcquired(x, y);
            case Kind.DIRECT_FOR_NIO -> memory.directForNio();
            case Kind.MAPPING_ACQUIRED -> memory.mappingAcquired(x, y);
            case Kind.UNSAFE_ACQUIRED -> memory.unsafeAcquired(x, y);
            case Kind.ARENA_OPENED -> memory.arenaOpened(a);
            case Kind.SEGMENT_ACQUIRED -> memory.segmentAcquired(a, x);
            case Kind.INCUBATING_ACQUIRED -> memory.incubatingAcquired(x, y);
            case Kind.FILE_OPENED -> files.opened(a, b);
            case Kind.CHANNEL_OPENED -> {
                if (b == null) {
                    files.opened(a, "channel");
                }
            }
            case Kind.FILE_CREATING -> disk.creating(a, b, (x & 1) != 0);
            case Kind.FILE_LINKING -> disk.linking(a, b);
            case Kind.OPENED_FOR_GOOD -> files.openedForGood(a, b);
            case Kind.DIRECTORY_OPENED -> {
                files.closed(b);
                files.openedForGood(a, "directory");
            }
            case Kind.FILE_MADE -> disk.made(a);
            case Kind.FILE_CREATED -> disk.created(a);
            case Kind.THREAD_STARTING -> threads.starting((Thread) a);
            case Kind.THREAD_NOT_STARTED -> threads.notStarted((Thread) a);
            case Kind.THREAD_INTERRUPTED -> threads.interrupted((Thread) a);
            case Kind.FUTURE_MADE -> tasks.futureMade(a);
            case Kind.POOL_CREATED -> threads.poolCreated(a);
            case Kind.WORKER_STARTING -> threads.workerStarting(a);
            case Kind.WORKER_STARTED -> threads.workerStarting(null);
            case Kind.TRACKED_CONSTRUCTED -> memory.trackedConstructed(a);
            case Kind.TASK_SUBMITTED -> tasks.submitted(a);
            case Kind.RAW_ENTERED -> tasks.entered(a);
            case Kind.HELPING -> tasks.helping(a);
            case Kind.TASK_WITHDRAWN -> {
                if (x != 0) {
                    tasks.withdrawn(a);
                }
            }
            case Kind.TASKS_WITHDRAWN -> tasks.withdrawnAll(a);
            case Kind.TASK_REJECTED -> tasks.rejected(a, b, false);
            case Kind.TASK_REFUSED -> tasks.rejected(a, b, true);
            case Kind.FUTURE_CANCELLING -> tasks.cancelling(b);
            case Kind.SCOPE_CANCELLED -> scopeCancelled(a);
            case Kind.SCOPE_TIMED_OUT -> futures.timedOutInside();
            default -> throw new IllegalArgumentException("kind " + kind);
        }
    }

    @Override
    protected void onEnding(int kind, Object a) {
        switch (kind) {
            case Kind.CHANNEL_BEGUN -> channelBegun(a);
            case Kind.CHANNEL_ENDED -> channelEnded(false);
            case Kind.MAPPING_BEGUN -> mappingBegun();
            default -> throw new IllegalArgumentException("kind " + kind);
        }
    }

    private void channelBegun(Object channel) {
        Slot slot = loads.slotIfAny();
        if (slot != null && slot.load != null) {
            slot.enterChannel(index.isOf(channel, slot.load.ledger()));
        }
    }

    private void mappingBegun() {
        Slot slot = loads.slotIfAny();
        if (slot != null && slot.load != null) {
            slot.enterMapping();
        }
    }

    private void channelEnded(boolean mapping) {
        Slot slot = loads.slotIfAny();
        if (slot == null) {
            return;
        }
        if (mapping) {
            slot.leaveMapping();
        } else {
            slot.leaveChannel();
        }
    }

    @Override
    protected void onSeen(int kind, Object a, Object b, long x, long y) {
        switch (kind) {
            case Kind.MAPPING_ENDED -> channelEnded(true);
            case Kind.DIRECT_RELEASED -> memory.released(ResourceKind.DIRECT, x);
            case Kind.MAPPING_RELEASED -> memory.released(ResourceKind.MAPPED, x);
            case Kind.INCUBATING_RELEASED -> memory.released(ResourceKind.ARENA, x);
            case Kind.UNSAFE_RELEASED -> memory.released(ResourceKind.UNSAFE, x);
            case Kind.UNSAFE_REALLOCATING -> memory.unsafeReallocating(x);
            case Kind.UNSAFE_REALLOCATED -> memory.unsafeReallocated(x, y);
            case Kind.UNSAFE_NOT_REALLOCATED -> memory.unsafeNotReallocated();
            case Kind.MANAGEMENT_ASKED -> managementAsked(a);
            case Kind.ARENA_CLOSED -> memory.arenaClosed(a);
            case Kind.FILE_CLOSED -> files.closed(a);
            case Kind.FILE_DELETED -> disk.deleted(a);
            case Kind.FILE_MOVED -> disk.moved(a, b);
            case Kind.THREAD_ENDING -> threads.ending((Thread) a);
            case Kind.RAW_LEFT -> tasks.leftLast();
            case Kind.HELPED -> tasks.helped(a);
            case Kind.FORK_LEFT -> tasks.left(a);
            case Kind.TASK_ENTERED -> tasks.futureEntered(loads.slot(), a, b);
            case Kind.CARRIER_ENTERED -> loads.slot().enterFuture(a);
            case Kind.TASK_LEFT -> taskLeft();
            case Kind.GET_TIMED_OUT -> futures.getTimedOut(a);
            case Kind.FUTURE_TIMED_OUT -> futures.ended(a, "time limit");
            case Kind.FUTURE_CANCELLED -> {
                tasks.cancelled(x != 0);
                if (x != 0) {
                    futures.ended(a, "cancelled");
                }
            }
            case Kind.FUTURE_COMPLETING -> futures.completing();
            case Kind.FUTURE_READ -> futures.read(a);
            case Kind.CLOSED -> closed(a);
            case Kind.LAMBDA_RUN -> lambdaRun(a);
            default -> throw new IllegalArgumentException("kind " + kind);
        }
    }

    @Override
    protected Error onCheck() {
        return checkpoints.check();
    }

    private void scopeCancelled(Object scope) {
        try {
            futures.scopeCancelled(scope);
        } catch (ReflectiveOperationException e) {
            trouble.report("structured scope", e, "this JDK is not known to this version of Ebb: loads in subtasks are not seen to be given up");
        }
    }

    private void taskLeft() {
        Slot slot = loads.slotIfAny();
        if (slot == null) {
            return;
        }
        try {
            boundary.endIfUnwound(slot);
            futures.noteOutcome(slot);
        } finally {
            futureLeft(slot);
        }
        slot.malloc.idle();
    }

    /** Whatever fails, no future stays behind: it may hold the result of a load. */
    private void futureLeft(Slot slot) {
        Object future = slot.innermostFuture();
        Collection<Load> ended = slot.leaveFuture();
        Frame frame = future == null ? null : slot.find(future);
        try {
            boundary.carriersEnded(ended);
            if (frame != null && frame.ticket == null) {
                loads.end(slot, frame);
            }
        } finally {
            if (frame != null && frame.ticket == null && slot.has(frame)) {
                slot.restore(frame);
            }
        }
    }

    private void closed(Object result) {
        memory.trackedClosed(result);
        closedBefore.add(result);
        for (Load load : loads.withResult()) {
            LateResult late = load.result();
            if (late != null && late.is(result)) {
                late.closedByProgram();
            }
        }
    }

    /** Whichever late result of this kind has captured the object is closed; without an object, any may be. */
    private void lambdaRun(Object captured) {
        if (captured != null) {
            closedBefore.add(captured);
        }
        for (Load load : loads.withResult()) {
            LateResult result = load.result();
            if (result != null && result.isLambda() && (captured == null || result.mayHaveCaptured(captured))) {
                result.closedByProgram();
            }
        }
    }

    private void managementAsked(Object server) {
        Consumer<Object> to = management;
        if (to != null) {
            management = null;
            Slot slot = loads.slot();
            boolean busy = slot.busy;
            slot.busy = true;
            try {
                to.accept(server);
            } finally {
                slot.busy = busy;
            }
        }
    }

    @Override
    protected void onTrouble(int kind, Throwable cause) {
        // no text is made here: memory may be out
        trouble.report("record", cause, null);
    }

    @Override
    protected void onBoundaryTrouble(Throwable cause) {
        if (cause instanceof VirtualMachineError) {
            // the program has run out of stack, or of heap; from the next enter or exit on the stack is looked at, and says where the thread is
            return;
        }
        trouble.report("record load", cause, "Ebb watches only from now on, since it may have missed a thread inside a load; restart to roll back again");
        boundaryLost.run();
    }
}
