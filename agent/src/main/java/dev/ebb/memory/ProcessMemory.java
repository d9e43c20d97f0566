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
    private static final int NO_SUCH_THING = 2; // ENOENT

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
        this.allocators = new Allocators(residentSize, trouble);
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
            return Purged.bare("none", "skipped", 0, 0, "the purge failed: " + e);
        }
    }

    @Override
    public void flushThreadCache() {
        if (flushes) {
            flushes = NativeMemory.flushThreadCache() != NO_SUCH_THING;
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
        List<Purged.One> results = allocators.purge();
        long returnedBytes = returnedSince(beforeBytes);
        remember(results);
        flushes = true; // until a thread finds that this allocator has nothing to flush
        return Summary.of(results, returnedBytes, System.nanoTime() - start);
    }

    private void remember(List<Purged.One> results) {
        List<Allocator> now = new ArrayList<>(results.size());
        for (Purged.One result : results) {
            now.add(new Allocator(result.name(), result.origin(), result.settings(), result.servesMalloc()));
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
            return Purged.bare(mapped.name(), "skipped", 0, 0, note);
        }
    }

    private Purged purgeBy(DiagnosticTrim command, String allocator, String note) {
        long start = System.nanoTime();
        long beforeBytes = resident().totalBytes();
        String failure = command.trim();
        long returnedBytes = returnedSince(beforeBytes);
        long nanos = System.nanoTime() - start;
        return failure.isEmpty()
            ? Purged.bare(allocator, "DiagnosticCommand", returnedBytes, nanos, note)
            : Purged.bare(allocator, "skipped", 0, nanos, note + "; " + failure);
    }

    private long returnedSince(long beforeBytes) {
        return Math.max(0, beforeBytes - resident().totalBytes());
    }
}
