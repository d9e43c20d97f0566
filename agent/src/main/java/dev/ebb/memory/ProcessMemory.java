package dev.ebb.memory;

import dev.ebb.load.LoadArena;
import dev.ebb.load.Memory;
import dev.ebb.load.Purged;
import dev.ebb.load.ThreadCounters;
import dev.ebb.load.Trouble;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

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
    private final NativeCount count;
    private volatile ControlGroup group; // found when first asked for, since that reads two files
    private final ArenaPool arenas; // null for none
    private volatile boolean flushes;
    private volatile int purges;
    private volatile int countersEpoch;
    private final AtomicInteger flushed = new AtomicInteger();

    /** Counts malloc where the JVM is silent about it. */
    public ProcessMemory(String nativePath, Trouble trouble) {
        this(nativePath, "auto", false, trouble);
    }

    /**
     * @param nativePath the library to load, null or empty for the one in the jar
     * @param nativeCount when it may be loaded to count malloc: {@code auto}, {@code on} or {@code off}
     * @param arenas whether each load gets an arena of its own; the library is loaded at start for that, whether the JVM warns or not
     */
    public ProcessMemory(String nativePath, String nativeCount, boolean arenas, Trouble trouble) {
        this.count = NativeCount.of(arenas && !nativeCount.equals("off") ? "on" : nativeCount);
        this.arenas = arenas ? new ArenaPool() : null;
        this.library = new NativeLibrary(nativePath, trouble);
        this.tools = new JvmTools(library);
        this.allocators = new Allocators(residentSize, trouble);
        this.trouble = trouble;
    }

    /** Ebb leaves the program: nothing stays open. To be called once, when nobody measures any more. */
    public void close() {
        residentSize.close();
    }

    @Override
    public long residentBytes() {
        return residentSize.bytes();
    }

    @Override
    public long recentResidentBytes() {
        return residentSize.recentBytes();
    }

    @Override
    public long residentSharedBytes() {
        return residentSize.lastSharedBytes();
    }

    @Override
    public FilePages filePages() {
        ControlGroup found = group;
        if (found == null) {
            found = new ControlGroup();
            group = found;
        }
        return new FilePages(found.fileBytes(), ControlGroup.movedBytes());
    }

    @Override
    public long hugePageBytes() {
        return ProcessStatus.hugePageBytes();
    }

    @Override
    public long classBytes() {
        try {
            return ClassMemory.committedBytes();
        } catch (LinkageError e) {
            return -1; // a run-time image without java.management
        }
    }

    @Override
    public boolean jvmFlag(String name) {
        return JvmFlags.isSet(name);
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
    public synchronized Purged account() {
        try {
            if (!library.loadsQuietly() || !library.load()) {
                String why = library.problem().isEmpty() ? "the JVM would warn of the native library; --enable-native-access=ALL-UNNAMED allows it" : library.problem();
                return Purged.bare("none", "skipped", 0, 0, "the allocator cannot be asked: " + why);
            }
            List<Purged.One> all = new ArrayList<>();
            for (Allocators.Account account : allocators.accounts()) {
                Purged.One one = account.unchanged();
                all.add(one.servesMalloc() ? 0 : all.size(), one);
            }
            return Summary.of(all, 0, 0);
        } catch (Throwable e) {
            trouble.report("memory.account", e, null);
            return Purged.bare("none", "skipped", 0, 0, "the allocator could not be asked: " + e);
        }
    }

    @Override
    public synchronized void prepare() {
        try {
            if (count.mayLoadNow() && library.load()) {
                allocators.accounts();
                nativeIsThere();
            }
            if (arenas != null && (countersEpoch == 0 || count.isOff() || NativeMemory.threadCounter(false) == null)) {
                trouble.report("ebb.arena", new IllegalStateException("per-load needs a jemalloc with statistics behind malloc, and ebb.native.count on"),
                    "start the program with LD_PRELOAD=libjemalloc.so.2, or leave ebb.arena out");
            }
        } catch (Throwable e) {
            trouble.report("memory.native", e, null);
        }
    }

    @Override
    public void flushThreadCache() {
        if (flushes) {
            flushes = NativeMemory.flushThreadCache() != NO_SUCH_THING;
            flushed.incrementAndGet();
        }
    }

    @Override
    public int purges() {
        return purges;
    }

    @Override
    public int flushedSincePurge() {
        return flushed.get();
    }

    @Override
    public int countersEpoch() {
        return countersEpoch;
    }

    @Override
    public ThreadCounters threadCounters() {
        if (countersEpoch == 0 || count.isOff()) {
            return null;
        }
        ByteBuffer taken = NativeMemory.threadCounter(false);
        ByteBuffer given = NativeMemory.threadCounter(true);
        return taken == null || given == null ? null : new ThreadCounters(taken, given);
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
        nativeIsThere();
        flushed.set(0);
        purges++; // by one thread at a time
        return Summary.of(results, returnedBytes, System.nanoTime() - start);
    }

    @Override
    public LoadArena arena() {
        return arenas == null || countersEpoch == 0 ? null : arenas.take();
    }

    @Override
    public int bindArena(int number) {
        return countersEpoch == 0 ? -1 : NativeMemory.bindThread(number);
    }

    /**
     * The facts from which the doctor makes an account of this process. The first call starts JMX (a quarter of a second); the native library is not loaded for it. For Ebb's own
     * threads, after main has begun.
     */
    public synchronized Facts facts() {
        String inside = countersEpoch == 0 ? "" : allocators.report();
        try {
            JvmCommands commands = new JvmCommands();
            return new Facts(commands.ask("vmInfo"), commands.ask("vmMetaspace", "vslist"), inside);
        } catch (LinkageError e) {
            return new Facts("", "", inside); // a run-time image without java.management
        }
    }

    /** Texts, empty where they cannot be had: the answers to VM.info and {@code VM.metaspace vslist}, and what the native library tells. */
    public record Facts(String jvmInfo, String jvmClasses, String nativeReport) { }

    /** The allocator behind malloc is known. */
    private void nativeIsThere() {
        if (countersEpoch == 0) {
            countersEpoch = 1;
            flushes = true; // until a thread finds that this allocator has nothing to flush
        }
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
