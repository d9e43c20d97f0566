package dev.ebb.doctor;

import dev.ebb.load.MemoryAccount.Detail;
import dev.ebb.load.MemoryAccount.Finding;
import dev.ebb.load.MemoryAccount.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What stands out in an account, each with what to do about it. */
final class Findings {
    /** Less than this, and less than this part of RSS, is not worth a word. */
    private static final long LEAST_BYTES = 16L << 20;
    private static final int LEAST_PERCENT = 3;

    private final ProcessFacts facts;
    private final NativeReport inside;
    private final JvmLayout layout;
    private final List<Region> regions;
    private final long leastBytes;
    private final Map<Part, Long> parts;
    private final Map<Detail, Long> details;
    private final List<Finding> found = new ArrayList<>();

    Findings(ProcessFacts facts, NativeReport inside, JvmLayout layout, List<Region> regions, long residentBytes, Map<Part, Long> parts, Map<Detail, Long> details) {
        this.facts = facts;
        this.inside = inside;
        this.layout = layout;
        this.regions = regions;
        this.leastBytes = Math.max(LEAST_BYTES, residentBytes / 100 * LEAST_PERCENT);
        this.parts = parts;
        this.details = details;
    }

    /** The greatest first, and last what is about settings alone. */
    List<Finding> all() {
        inUse();
        files();
        jvm();
        for (AllocatorReport allocator : inside.allocators()) {
            cached(allocator);
            settings(allocator);
        }
        hugePages();
        found.sort(Comparator.comparingLong(Findings::weight).reversed());
        return found;
    }

    /** Page cache comes after all that is in RSS, and before what is about settings alone. */
    private static long weight(Finding finding) {
        return finding.cause().equals("page-cache") ? 1 : finding.bytes();
    }

    private long bytes(Part part) {
        return parts.getOrDefault(part, 0L);
    }

    private void add(String cause, long bytes, String what, String remedy) {
        if (bytes >= leastBytes) {
            found.add(new Finding(cause, bytes, what, remedy));
        }
    }

    private void inUse() {
        add("allocator-live", bytes(Part.ALLOCATOR_LIVE), "native code has taken this from malloc and not freed it",
            "no purge helps: find what holds it (engines and native handles that were not closed; the JVM's own share: -XX:NativeMemoryTracking=summary)");
        add("direct", bytes(Part.DIRECT), "direct byte buffers", "freed when nothing in the heap reaches them and a collection runs; limit them with -XX:MaxDirectMemorySize");
        add("unexplained", bytes(Part.UNEXPLAINED), "anonymous mappings that belong to no allocator and no known part of the JVM" + largest(),
            facts.missing().isEmpty() ? "native code has mapped them by itself (mmap): trace that call, and close what made them" : "see the note below: without it this is not told apart");
    }

    /** The largest regions with nothing known about them are where to look first. */
    private String largest() {
        return regions.stream().filter(r -> r.isAnonymous() && r.residentBytes() >= leastBytes && !layout.isHeap(r) && !layout.isCode(r) && !layout.isMetaspace(r) && !layout.isGc(r))
            .max(Comparator.comparingLong(Region::residentBytes)).map(r -> ", or to allocators; the largest resident one begins at 0x" + Long.toHexString(r.from())).orElse("");
    }

    private void files() {
        add("mapped", bytes(Part.MAPPED), "mapped files" + greatestFile(false), "page cache that the kernel takes back when it needs it; unmap what is not needed");
        add("mapped-deleted", bytes(Part.DELETED), "files that are mapped and deleted: memory and disk space are held" + greatestFile(true),
            "close what maps them: an index reader or a mapped buffer that is still reachable");
        add("page-cache", details.getOrDefault(Detail.PAGE_CACHE, -1L), "page cache of the container: charged to it, and not in RSS unless mapped",
            "no leak: the kernel drops it when memory is needed; watch the working set and not the usage");
    }

    private String greatestFile(boolean deleted) {
        return regions.stream().filter(r -> r.isFile() && r.isDeleted() == deleted && !r.isExecutable() && !layout.isHeap(r) && !layout.isMetaspace(r) && !r.path().contains(".so"))
            .max(Comparator.comparingLong(Region::residentBytes)).map(r -> ", most of one in " + r.path()).orElse("");
    }

    private void jvm() {
        add("metaspace", bytes(Part.METASPACE), "classes", "if it grows without end, class loaders are not let go of: jcmd PID VM.classloader_stats; limit with -XX:MaxMetaspaceSize");
        add("stacks", bytes(Part.STACKS), inside.stackPointers().length + " threads' stacks", "fewer threads, or a smaller -Xss");
        long heap = bytes(Part.HEAP);
        long used = details.getOrDefault(Detail.HEAP_USED, -1L);
        if (used >= 0 && used < heap / 2) {
            add("heap-unused", heap - used, "Java heap that is resident and not in use", "let the collector give it back (G1: -XX:G1PeriodicGCInterval=60000; a lower -Xms), or lower -Xmx");
        } else {
            add("heap", heap, "the Java heap", "jmap -histo:live PID tells what fills it");
        }
    }

    private void cached(AllocatorReport a) {
        String who = a.name() + (a.servesMalloc() ? "" : " inside " + a.origin());
        String cause = a.servesMalloc() ? "allocator-cached" : "private-allocator-cached";
        if (a.isGlibc()) {
            add(cause, a.reclaimableBytes(), who + " keeps pages that were freed; a trim returns them",
                "jcmd PID System.trim_native_heap now, -XX:TrimNativeHeapInterval=10000 (JDK 17.0.9 or newer) always, or Ebb's purge");
        } else if (a.isJemalloc()) {
            boolean background = "true".equals(a.setting("background_thread"));
            add(cause, a.dirtyBytes() + Math.max(0, a.muzzyBytes()), who + " keeps pages that were freed" + (background ? "" : ": without background_thread they wait for threads that allocate, "
                + "and with idle ones for ever"), a.servesMalloc() ? "MALLOC_CONF=background_thread:true, or Ebb's purge" : "its own options or a purge by Ebb; MALLOC_CONF of the program does not reach it");
        } else {
            add(cause, a.reclaimableBytes(), who + " keeps pages that were freed, and returns none by itself", "Ebb's purge (" + (a.name().startsWith("tcmalloc")
                ? "MallocExtension ReleaseFreeMemory, or TCMALLOC_RELEASE_RATE=10" : "mi_collect") + ")");
        }
        add("thread-caches", a.threadCachesBytes(), who + " keeps freed blocks in the caches of live threads; no purge reaches those",
            a.isJemalloc() ? "MALLOC_CONF=tcache_max:4096 or tcache:false, fewer threads, or Ebb, whose threads flush after a rollback" : "fewer threads, or a smaller TCMALLOC_MAX_TOTAL_THREAD_CACHE_BYTES");
        add("fragmentation", a.fragmentedBytes(), who + " has free room in pages that blocks which live on keep: no purge returns it",
            "free the survivors, or keep long-lived small blocks apart from a load's");
    }

    private void settings(AllocatorReport a) {
        int processors = facts.container().processors();
        String narenas = a.setting("narenas");
        if (a.isJemalloc() && a.servesMalloc() && narenas != null && Long.parseLong(narenas) > 4L * processors) {
            found.add(new Finding("narenas", 0, a.name() + " has room for " + narenas + " arenas, and the container " + processors + " processors: each arena caches for itself",
                "MALLOC_CONF=narenas:" + 4 * processors));
        }
        if (a.isGlibc() && a.arenas() > 2L * processors && !facts.environment().containsKey("MALLOC_ARENA_MAX")
            && !facts.environment().getOrDefault("GLIBC_TUNABLES", "").contains("arena_max")) {
            found.add(new Finding("malloc-arenas", 0, a.name() + " has made " + a.arenas() + " arenas for " + processors + " processors: each keeps free memory for itself",
                "MALLOC_ARENA_MAX=" + Math.max(2, processors)));
        }
        if (a.servesMalloc() && !a.isGlibc() && layout.commandLine().contains("TrimNativeHeapInterval")) {
            boolean beside = inside.allocators().stream().anyMatch(AllocatorReport::isGlibc);
            found.add(new Finding("wrong-allocator-trimmed", 0, "-XX:TrimNativeHeapInterval trims glibc's heap, and malloc is served by " + a.name()
                + (beside ? "; only what calls glibc past it is there" : ""), (beside ? "the option reaches nothing of " + a.name() + "; " : "leave the option out; ") + (a.isJemalloc() ? "MALLOC_CONF=background_thread:true does it for jemalloc" : "Ebb's purge knows this allocator")));
        }
        if (a.name().startsWith("mimalloc") && a.servesMalloc() && !facts.environment().containsKey("MIMALLOC_DECOMMIT_DELAY") && !facts.environment().containsKey("MIMALLOC_PURGE_DELAY")) {
            found.add(new Finding("mimalloc-delay", 0, a.name() + " returns nothing of a segment, 32 MiB, in which one block lives, and no purge changes that",
                "MIMALLOC_DECOMMIT_DELAY=0 (2.0) or MIMALLOC_PURGE_DELAY=0 (2.1 and newer): pages go back as they are freed, which makes some frees slower"));
        }
        if (a.isJemalloc() && a.servesMalloc() && "false".equals(a.setting("background_thread"))) {
            found.add(new Finding("background-thread", 0, a.name() + " runs without background_thread: freed pages are returned only while threads allocate",
                "MALLOC_CONF=background_thread:true"));
        }
    }

    private void hugePages() {
        add("thp", bytes(Part.THP_EXCESS), "resident in huge pages beyond what any allocator knows of", "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled, MALLOC_CONF=thp:never, "
            + "or leave glibc.malloc.hugetlb out of GLIBC_TUNABLES");
        if (facts.hugePages().contains("[always]")) {
            found.add(new Finding("thp-always", 0, "transparent huge pages are on for everybody: a page that is written makes 2 MiB resident, and purged memory grows back",
                "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled; the Java heap asks for itself with -XX:+UseTransparentHugePages"));
        }
    }
}
