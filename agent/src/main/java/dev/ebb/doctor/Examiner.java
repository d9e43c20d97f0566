package dev.ebb.doctor;

import dev.ebb.load.MemoryAccount;
import dev.ebb.load.MemoryAccount.Detail;
import dev.ebb.load.MemoryAccount.Part;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Splits the resident memory of a process into parts, by address where something tells the addresses, and the rest by what the allocators say of themselves. */
final class Examiner {
    /** No thread has a stack larger than this; a mapping that is has grown together with something else. */
    private static final long LARGEST_STACK_BYTES = 64L << 20;

    private final ProcessFacts facts;
    private final NativeReport inside;
    private final JvmLayout layout;
    private final List<Region> regions;
    private final Set<String> libraries = new HashSet<>();
    private final Map<Part, Long> parts = new EnumMap<>(Part.class);
    private final Map<Detail, Long> details = new EnumMap<>(Detail.class);
    private final List<String> notes = new ArrayList<>();
    private long nativeBytes;
    private long nativeHugeBytes;
    private long nativeLazyBytes;

    private Examiner(ProcessFacts facts) {
        this.facts = facts;
        this.inside = facts.nativeReport().isEmpty() ? NativeReport.NONE : NativeReport.parse(facts.nativeReport());
        this.layout = new JvmLayout(facts.jvmInfo(), facts.jvmClasses());
        this.regions = Smaps.parse(facts.smaps());
    }

    static MemoryAccount examine(ProcessFacts facts) {
        return new Examiner(facts).account();
    }

    private MemoryAccount account() {
        for (Region region : regions) {
            if (region.isFile() && (region.isExecutable() || region.path().contains(".so") || region.path().endsWith("/lib/modules"))) {
                libraries.add(region.path());
            }
        }
        long resident = 0;
        Region before = null;
        for (Region region : regions) {
            resident += region.residentBytes();
            add(Detail.HUGE_PAGES, region.hugeBytes());
            add(Detail.SWAPPED, region.swappedBytes());
            place(region, before);
            before = region;
        }
        divideNative();
        note();
        if (facts.container().pageCacheBytes() >= 0) {
            details.put(Detail.PAGE_CACHE, facts.container().pageCacheBytes());
        }
        if (facts.container().limitBytes() >= 0) {
            details.put(Detail.CONTAINER_LIMIT, facts.container().limitBytes());
        }
        if (layout.heapUsedBytes() >= 0) {
            details.put(Detail.HEAP_USED, layout.heapUsedBytes());
        }
        List<MemoryAccount.Finding> findings = new Findings(facts, inside, layout, regions, resident, parts, details).all();
        return new MemoryAccount(resident, parts, details, describeAllocators(), findings, notes);
    }

    // ---- by address

    private void place(Region region, Region before) {
        Part part = partOf(region);
        if (part == null) {
            long variables = Math.min(region.residentBytes(), variableBytes(region, before));
            add(Part.LIBRARIES, variables);
            nativeBytes += region.residentBytes() - variables;
            nativeHugeBytes += region.hugeBytes();
            nativeLazyBytes += region.lazyBytes();
        } else {
            add(part, region.residentBytes());
        }
    }

    private Part partOf(Region region) {
        if (layout.isHeap(region)) {
            return Part.HEAP;
        }
        if (layout.isMetaspace(region)) {
            return Part.METASPACE;
        }
        if (layout.isCode(region)) {
            return Part.CODE;
        }
        if (layout.isGc(region)) {
            return Part.GC;
        }
        if (region.isFile()) {
            return libraries.contains(region.path()) ? Part.LIBRARIES : region.isDeleted() ? Part.DELETED : Part.MAPPED;
        }
        if (region.path().equals("[stack]") || isStack(region)) {
            return Part.STACKS;
        }
        return region.isAnonymous() ? null : Part.LIBRARIES;
    }

    /**
     * Variables of a library that begin as 0 have no file behind them, and lie right behind those that have. Whatever else is mapped behind them looks like one mapping with them; only
     * from inside the process it is known where they end.
     */
    private long variableBytes(Region region, Region before) {
        if (before == null || before.to() != region.from() || !libraries.contains(before.path()) || !region.path().isEmpty()) {
            return 0;
        }
        if (facts.nativeReport().isEmpty()) {
            return region.to() - region.from();
        }
        long bytes = 0;
        for (NativeReport.Range range : inside.variables()) {
            bytes += region.overlap(range.from(), range.to());
        }
        return bytes;
    }

    private boolean isStack(Region region) {
        if (region.to() - region.from() <= LARGEST_STACK_BYTES && region.isAnonymous() && !region.path().equals("[heap]")) {
            for (long pointer : inside.stackPointers()) {
                if (region.contains(pointer)) {
                    return true;
                }
            }
        }
        return false;
    }

    // ---- by what the allocators say

    private void divideNative() {
        long live = 0;
        boolean silent = false;
        long lazy = nativeLazyBytes;
        for (AllocatorReport allocator : inside.allocators()) {
            live += Math.max(0, allocator.allocatedBytes());
            silent |= allocator.servesMalloc() && allocator.allocatedBytes() < 0;
            // muzzy pages stay resident until the kernel wants them, and jemalloc does not know whether it has: what is not marked any more is gone
            long muzzy = Math.min(lazy, Math.max(0, allocator.muzzyBytes()));
            lazy -= muzzy;
            add(Part.ALLOCATOR_CACHED, allocator.knownCachedBytes() + muzzy);
            add(Part.ALLOCATOR_METADATA, allocator.residentMetadataBytes());
            add(Detail.DIRTY, Math.max(0, allocator.isGlibc() ? allocator.reclaimableBytes() : allocator.dirtyBytes()));
            add(Detail.MUZZY, Math.max(0, allocator.muzzyBytes()));
            add(Detail.THREAD_CACHES, Math.max(0, allocator.threadCachesBytes()));
            add(Detail.FRAGMENTED, Math.max(0, allocator.fragmentedBytes()));
            add(Detail.PRIVATE_CACHED, allocator.servesMalloc() ? 0 : allocator.knownCachedBytes() + muzzy);
        }
        long direct = Math.max(0, inside.directBytes());
        long rest = nativeBytes - parts.getOrDefault(Part.ALLOCATOR_CACHED, 0L) - parts.getOrDefault(Part.ALLOCATOR_METADATA, 0L);
        if (silent) {
            live = Math.max(0, rest); // it tells nothing: whatever nobody else claims is its, in use or not
            notes.add(mainName() + " has no statistics: what it has handed out and what it caches cannot be told apart");
        }
        if (live > rest) {
            details.put(Detail.UNTOUCHED, live - Math.max(0, rest));
            live = Math.max(0, rest);
        }
        add(Part.DIRECT, Math.min(direct, live));
        add(Part.ALLOCATOR_LIVE, live - Math.min(direct, live));
        long unclaimed = rest - live;
        // huge pages round up what the allocator believes to be resident
        long excess = inside.allocators().isEmpty() ? 0 : Math.max(0, Math.min(unclaimed, nativeHugeBytes));
        add(Part.THP_EXCESS, excess);
        add(Part.UNEXPLAINED, unclaimed - excess);
    }

    private String mainName() {
        for (AllocatorReport allocator : inside.allocators()) {
            if (allocator.servesMalloc()) {
                return allocator.name();
            }
        }
        return "the allocator behind malloc";
    }

    private List<String> describeAllocators() {
        List<String> all = new ArrayList<>();
        for (AllocatorReport allocator : inside.allocators()) {
            all.add(allocator.name() + (allocator.servesMalloc() ? "" : ", private") + " in " + allocator.origin() + (allocator.settings().isEmpty() ? "" : ": " + allocator.settings()));
        }
        return all;
    }

    private void note() {
        if (!facts.missing().isEmpty()) {
            notes.add(facts.missing());
        }
        if (!layout.isKnown()) {
            notes.add("the JVM's own memory (heap, classes, code) is not told apart");
        }
    }

    private void add(Part part, long bytes) {
        parts.merge(part, bytes, Long::sum);
    }

    private void add(Detail detail, long bytes) {
        details.merge(detail, bytes, Long::sum);
    }
}
