package dev.ebb.rollback;

import dev.ebb.load.Memory;

/**
 * Where the bytes are now by which RSS rose while a load went on. The rise is what has fallen since, and what stays; each is known by its cause as far as it
 * was measured, and the rest is unexplained:
 *
 * <pre>
 * peak - before = by itself + by rungs + by rungs of other loads + accounted for + unexplained
 * </pre>
 *
 * All in bytes. Immutable.
 */
record Balance(Rss rss, Given given, Known known) {
    /** RSS that a JVM gains or loses by itself while a load goes on (class metadata, compiled code, thread stacks): seen up to 12 MiB in hello-world programs. */
    private static final long NOISE_BYTES = 16 << 20;
    /** Of a rise; jemalloc keeps up to 3.5 % of a peak as metadata (measured with 1 KiB objects), glibc up to 4 % as fragments. */
    private static final double NOISE_SHARE = 0.05;

    /**
     * @param beforeBytes when the load began, 0 if unknown
     * @param anonymousRiseBytes the part of the rise that was no pages of files; -1 if unknown
     * @param after now
     */
    record Rss(long beforeBytes, long peakBytes, long anonymousRiseBytes, Memory.Resident after) { }

    /**
     * How far RSS has fallen.
     *
     * @param byItselfBytes from the peak until the first rung: what the load and its program gave back; negative if RSS rose meanwhile
     * @param byStepBytes by the rungs of this load, as measured
     * @param byOthersBytes by rungs of other loads since the first of this load
     */
    record Given(long byItselfBytes, long byStepBytes, long byOthersBytes) { }

    /**
     * Why RSS is above what it was.
     *
     * @param ownBytes off-heap memory that the ledger of this load still has
     * @param heapBytes by so much more of the Java heap is committed; it grows and shrinks by rules of its own, whoever allocates in it
     * @param otherLoadsBytes by so much more off-heap memory is held by other loads
     * @param othersRan another load was open meanwhile, which may have native memory that is in no ledger
     * @param cachedBytes kept by allocators of what was freed; -1 if unknown
     * @param sharedBytes by so much more are pages of mapped files and shared memory; -1 if unknown, as where the Java heap is a part of that
     * @param classBytes by so much more of metaspace is committed; -1 if unknown
     * @param pageCacheBytes by so many more bytes of unmapped files are in the kernel's cache through this process; -1 if unknown
     */
    record Known(long ownBytes, long heapBytes, long otherLoadsBytes, boolean othersRan, long cachedBytes, long sharedBytes, long classBytes,
                 long pageCacheBytes) { }

    boolean isKnown() {
        return rss.beforeBytes > 0 && rss.after.totalBytes() > 0;
    }

    long riseBytes() {
        return Math.max(0, rss.peakBytes - rss.beforeBytes);
    }

    long fellBytes() {
        return rss.peakBytes - rss.after.totalBytes();
    }

    /** What a JVM's own coming and going may amount to. */
    long toleranceBytes() {
        return NOISE_BYTES + (long) (riseBytes() * NOISE_SHARE);
    }

    /** RSS above what it was, less what others have of it. */
    long staysBytes() {
        return rss.after.totalBytes() - rss.beforeBytes - known.heapBytes - known.otherLoadsBytes;
    }

    /** Of what is above the level before, the part whose reason is known. */
    long accountedBytes() {
        long above = Math.max(0, rss.after.totalBytes() - rss.beforeBytes);
        return Math.min(above, known.ownBytes + known.heapBytes + known.otherLoadsBytes + Math.max(0, known.cachedBytes) + Math.max(0, known.classBytes));
    }

    /** Positive: neither seen to fall nor known to stay. Negative: more has come back than had come. */
    long unexplainedBytes() {
        return riseBytes() - given.byItselfBytes - given.byStepBytes - given.byOthersBytes - accountedBytes();
    }

    /**
     * Whether the load's memory is back: RSS is where it was, but for what others have. Where other loads have run, whose native memory is in no ledger, it
     * counts as well that all of the rise was seen to come back.
     */
    boolean isBack() {
        return staysBytes() <= toleranceBytes() || known.othersRan && riseBytes() - given.byItselfBytes - given.byStepBytes - given.byOthersBytes <= toleranceBytes();
    }

    /** The load took little memory of its own, and pages of files stay in the kernel's cache. */
    boolean isPageCache() {
        return rss.anonymousRiseBytes >= 0 && rss.anonymousRiseBytes <= toleranceBytes() && known.pageCacheBytes > toleranceBytes();
    }

    /** Most of what stays is freed memory that allocators keep. */
    boolean isCached() {
        return known.cachedBytes > staysBytes() / 2;
    }

    /** Most of what stays are classes. */
    boolean isClasses() {
        return known.classBytes > staysBytes() / 2;
    }

    /** Most of what stays are pages of files that something maps which Java does not know. */
    boolean isMapped() {
        return known.sharedBytes > staysBytes() / 2;
    }
}
