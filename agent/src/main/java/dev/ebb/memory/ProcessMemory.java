package dev.ebb.memory;

import dev.ebb.load.Memory;
import dev.ebb.load.Purged;
import dev.ebb.load.Trouble;

import java.util.ArrayList;
import java.util.List;

/**
 * The memory of this process, by /proc and by its allocators. Creating it opens one descriptor and loads nothing native; see {@link NativeLibrary} for what the first purge does.
 * Safe for any thread; purges run one after the other.
 */
public final class ProcessMemory implements Memory {
    private final ResidentSize residentSize = new ResidentSize(ProcessStatus.read().virtualBytes());
    private final NativeLibrary library;
    private final JvmTools tools;
    private final Allocators allocators;
    private final Trouble trouble;
    private volatile List<Allocator> found = List.of();
    private volatile boolean flushes;

    /** @param nativePath the library to load, null or empty for the one in the jar */
    public ProcessMemory(String nativePath, Trouble trouble) {
        this.library = new NativeLibrary(nativePath, trouble);
        this.tools = new JvmTools(library);
        this.allocators = new Allocators(trouble);
        this.trouble = trouble;
    }

    @Override
    public long residentBytes() {
        return residentSize.bytes();
    }

    @Override
    public Resident resident() {
        return ProcessStatus.read().resident();
    }

    @Override
    public synchronized Purged purge() {
        try {
            return library.load() ? purgeAll() : purgeWithoutLibrary();
        } catch (Throwable e) {
            // the last seam: whoever purges has a rollback to finish
            trouble.report("memory.purge", e, null);
            return new Purged("none", "skipped", 0, 0, -1, -1, "the purge failed: " + e);
        }
    }

    @Override
    public void flushThreadCache() {
        if (flushes) {
            NativeMemory.flushThreadCache();
        }
    }

    /** What the last purge found: the one behind {@code malloc} and private copies. Empty before the first purge and without the native library. */
    public List<Allocator> allocators() {
        return found;
    }

    /** The JVM's tool interface, which the same native library reaches. */
    public JvmTools tools() {
        return tools;
    }

    private Purged purgeAll() {
        long start = System.nanoTime();
        long beforeBytes = resident().totalBytes();
        List<Allocators.Result> results = allocators.purge();
        long returnedBytes = returnedSince(beforeBytes);
        remember(results);
        return Summary.of(results, returnedBytes, System.nanoTime() - start);
    }

    private void remember(List<Allocators.Result> results) {
        List<Allocator> now = new ArrayList<>(results.size());
        for (Allocators.Result result : results) {
            Allocator allocator = result.allocator();
            now.add(allocator);
            flushes |= allocator.servesMalloc() && allocator.isJemalloc();
        }
        found = List.copyOf(now);
    }

    private Purged purgeWithoutLibrary() {
        MappedAllocator mapped = MappedAllocator.guess();
        String note = library.problem() + (mapped.library().isEmpty() ? "" : "; without it " + mapped.library() + " cannot be purged");
        try {
            return purgeBy(new DiagnosticTrim(), mapped.name(), note);
        } catch (LinkageError e) {
            note += "; the module java.management, by which glibc's heap could be trimmed, is not usable in this runtime (" + e + ")";
            return new Purged(mapped.name(), "skipped", 0, 0, -1, -1, note);
        }
    }

    private Purged purgeBy(DiagnosticTrim command, String allocator, String note) {
        long start = System.nanoTime();
        long beforeBytes = resident().totalBytes();
        String failure = command.trim();
        long returnedBytes = returnedSince(beforeBytes);
        long nanos = System.nanoTime() - start;
        return failure.isEmpty()
            ? new Purged(allocator, "DiagnosticCommand", returnedBytes, nanos, -1, -1, note)
            : new Purged(allocator, "skipped", 0, nanos, -1, -1, note + "; " + failure);
    }

    private long returnedSince(long beforeBytes) {
        return Math.max(0, beforeBytes - resident().totalBytes());
    }
}
