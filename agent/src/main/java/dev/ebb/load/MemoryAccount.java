package dev.ebb.load;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Where the resident memory of a process is. The parts add up to {@link #residentBytes}; details are parts of parts, or stand beside RSS, and do not. Immutable.
 *
 * @param findings what is worth changing, the greatest first
 * @param notes what could not be seen, and why
 */
public record MemoryAccount(long residentBytes, Map<Part, Long> parts, Map<Detail, Long> details, List<String> allocators, List<Finding> findings, List<String> notes) {
    /** Bytes of RSS, each counted once. */
    public enum Part {
        /** The Java heap. */
        HEAP("heap"),
        /** Classes: metaspace, class space and the mapped class data archive. */
        METASPACE("metaspace"),
        /** Compiled code and stubs. */
        CODE("code"),
        /** Card tables and bitmaps of the garbage collector. */
        GC("gc"),
        STACKS("stacks"),
        /** Direct byte buffers, which malloc serves. */
        DIRECT("direct"),
        /** Files mapped into memory. */
        MAPPED("mapped"),
        /** Mapped files that are deleted: their space on disk is held, too. */
        DELETED("deletedMapped"),
        /** Program and libraries. */
        LIBRARIES("libraries"),
        /** What malloc, of all allocators, has handed out, direct buffers aside. */
        ALLOCATOR_LIVE("allocatorLive"),
        /** What was freed and the allocators keep: {@link Detail#DIRTY} and the like. */
        ALLOCATOR_CACHED("allocatorCached"),
        ALLOCATOR_METADATA("allocatorMetadata"),
        /** Resident only because the kernel backs memory with huge pages. */
        THP_EXCESS("thpExcess"),
        UNEXPLAINED("unexplained");

        private final String text;

        Part(String text) {
            this.text = text;
        }

        /** As in JSON, without {@code Bytes}. */
        public String text() {
            return text;
        }
    }

    /** Bytes that are looked at by themselves. */
    public enum Detail {
        /** Of the cached: whole unused pages, that were written. */
        DIRTY("dirty"),
        /** Given to the kernel to be taken when it needs them; not in RSS any more where it has. */
        MUZZY("muzzy"),
        /** Of the cached: in caches of threads. */
        THREAD_CACHES("threadCaches"),
        /** Of the cached: room beside live blocks, which no purge returns. */
        FRAGMENTED("fragmented"),
        /** Of the cached: in allocators that libraries bring for themselves. */
        PRIVATE_CACHED("privateCached"),
        /** Handed out and never written, so not in RSS. */
        UNTOUCHED("untouched"),
        /** Of all parts: in transparent huge pages. */
        HUGE_PAGES("hugePages"),
        /** Files in the page cache that the container is charged for; mapped ones are in RSS as well. */
        PAGE_CACHE("pageCache"),
        CONTAINER_LIMIT("containerLimit"),
        SWAPPED("swapped"),
        /** What the Java heap has in use, garbage included. */
        HEAP_USED("heapUsed");

        private final String text;

        Detail(String text) {
            this.text = text;
        }

        /** As in JSON, without {@code Bytes}. */
        public String text() {
            return text;
        }
    }

    /**
     * Something worth changing.
     *
     * @param cause short and stable: {@code allocator-cached}, {@code fragmentation}, {@code mapped} …
     * @param bytes that it is about; 0 if that cannot be said
     * @param remedy what to do
     */
    public record Finding(String cause, long bytes, String what, String remedy) { }

    public MemoryAccount {
        parts = Map.copyOf(parts);
        details = Map.copyOf(details);
        allocators = List.copyOf(allocators);
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
    }

    /** 0 for a part that is not there. */
    public long bytes(Part part) {
        return parts.getOrDefault(part, 0L);
    }

    /** -1 for what is not known. */
    public long bytes(Detail detail) {
        return details.getOrDefault(detail, -1L);
    }

    /** In the order of the enumeration. */
    public Map<Part, Long> partsInOrder() {
        Map<Part, Long> ordered = new EnumMap<>(Part.class);
        ordered.putAll(parts);
        return ordered;
    }
}
