package dev.ebb.rollback;

import dev.ebb.load.CreatedFile;
import dev.ebb.load.Load;
import dev.ebb.load.ObjectResource;
import dev.ebb.load.Purged;
import dev.ebb.load.Resource;
import dev.ebb.rollback.Judge.Judgement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One load that ends badly, or may have, on its way down the ladder. Used by the worker alone. */
final class Case {
    /** Where it stands. Each phase is left once. */
    enum Phase { QUIET, PROOF, CLOSE, COLLECT, CLOSE_REST, DELETE, PURGE, VERDICT, DELETE_LATE, DONE }

    final Load load;
    /** When it was known that the load may have to be rolled back. */
    final long sinceNanos = System.nanoTime();
    Judgement judgement;
    String cause;
    Phase phase = Phase.QUIET;
    /** When this phase was entered. */
    long phaseNanos = sinceNanos;
    /** Set once the outcome stands in the log. */
    boolean announced;
    boolean heldReported;
    /** When its threads were first to be ended; 0 before. */
    long stopNanos;
    boolean told;
    /** When what it has queued was last cancelled; 0 before. */
    long cancelNanos;
    /** While Ebb only watches: how many tasks, and idle pools, it has said that it would have stopped. */
    int wouldCancel;
    int wouldSendHome;
    int lastWords;
    long lastWordNanos;
    /** When its holders are to be said again. */
    long sayHoldersNanos;
    long sayHoldersAgainNanos;
    /** Why threads could not be interrupted, each said once. */
    final Set<String> refusals = new HashSet<>();
    /** When somebody was last seen to wait for the load, or when the case began. */
    long waitedOnNanos = sinceNanos;
    long rollbackNanos;
    long verdictNanos;
    long rssAfterBytes;
    /** RSS when the first rung was climbed, 0 before. */
    long firstRungBytes;
    /** What rungs of all loads had given back by then. */
    long returnedBefore;
    /** What the rungs of this load have given back so far. */
    long byStepBytes;
    /** Of files that were deleted. */
    long deletedBytes;
    /** The load has opened, made or mapped a file. */
    boolean touchedFiles;
    /** What the allocators said of themselves when the verdict was made; null if that was not asked. */
    Purged account;
    /** Anonymous memory in huge pages when the verdict was made; -1 if that was not looked at. */
    long hugePageBytes = -1;
    /** Of what the load has mapped and not unmapped, in files that are deleted, when the verdict was made; -1 if it has mapped nothing, or that cannot be told. */
    long deletedMappedBytes = -1;
    /** As it was said last. */
    String verdict;
    /** Its last verdict, but for what comes later by itself, was given to the log. */
    boolean concluded;
    /** Made by the load, and on disk at the verdict. */
    List<CreatedFile> filesLeft = List.of();
    /** A few seconds after the verdict. */
    boolean lookedAgain;

    /** From before the collection of buffers that goes on; null if none does. */
    Gauge.Mark collectMark;
    /** Collections asked for in this phase, or, while none are asked for, seen. */
    int collections;
    /** When the last one that was asked for was over. */
    long collectedNanos = sinceNanos;
    /** The collection that was looked at last; -1 before the first. */
    long epoch = -1;
    boolean wantsCollection;
    /** Another load of the same site and label has completed since this one began. */
    boolean retriedWell;
    /** The collection that has just finished was asked for right after the parts of the result were listed. */
    boolean provenByOwnCollection;
    /** Who kept the result from being closed for so long that the case is given up; null while it goes on. */
    String heldBy;
    long nextCollectionNanos = sinceNanos;

    /** What the disposal of the result needs to know once it was proven free. */
    Proof proof;
    volatile boolean resultClosed;
    /** The only handles that may be closed, and why the result may not; null if it may. */
    List<ObjectResource> apart;
    /** What the result is made of: whoever is inside one of these may use what is closed with a handle. */
    Set<Class<?>> apartClasses = Set.of();
    String resultLeft;
    /** The closes that go on now, or null. */
    Closing closing;
    boolean closeHeld;
    /** What was to be closed in this phase. */
    List<String> closePlan = List.of();
    /** Who was inside what is to be closed at the first look, and has been since; null before it. */
    Users users;
    Gauge.Mark closeMark;
    /** What a close was tried of, so that it is not tried a second time. */
    final Set<Resource> closeTried = new HashSet<>();
    final List<String> troubles = new ArrayList<>();
    /** Closes that were left to themselves, with their stacks. */
    final List<String> hanging = new ArrayList<>();
    /** Where they belong. */
    final List<Closing> hangingCloses = new ArrayList<>();
    /** What keeps in reach what is left, as paths from a root; known shortly before the verdict. */
    List<String> paths = List.of();
    /** What the purge did, which may have served other loads as well; null before it, and if there was none. */
    Purged purged;
    /** When closes of what the load opened have gone on. */
    final List<Span> closed = new ArrayList<>(2);
    /** The deletion that was started, or null. */
    DeleteRung.Progress deletion;
    /** Its files wait for the end of another load of the same thing. */
    boolean filesWait;
    int undeletedFiles;

    /** Milliseconds since the epoch. */
    record Span(long fromMillis, long toMillis) { }

    Case(Load load) {
        this.load = load;
    }

    void enter(Phase next, long now) {
        if (phase == Phase.CLOSE || phase == Phase.CLOSE_REST) {
            long millis = System.currentTimeMillis();
            closed.add(new Span(millis - TimeUnit.NANOSECONDS.toMillis(now - phaseNanos), millis));
        }
        phase = next;
        phaseNanos = now;
        collections = 0;
        wantsCollection = false;
    }

    /** Something that went wrong, for its verdict; said once. */
    void trouble(String text) {
        if (!troubles.contains(text)) {
            troubles.add(text);
        }
    }
}
