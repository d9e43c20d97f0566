package dev.ebb.memory;

import dev.ebb.load.Memory;
import dev.ebb.load.ThreadCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.TimeUnit;

/** What a thread of the program pays; under a preloaded jemalloc. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class NativeCallsBenchmark {
    private Memory memory;
    private ThreadCounters counters;
    private int arena;
    private int own;

    @Setup
    public void load() {
        ProcessMemory process = new ProcessMemory(null, "on", false, (where, cause, remedy) -> {
            throw new IllegalStateException(where, cause);
        });
        process.prepare();
        memory = process;
        counters = process.threadCounters();
        arena = NativeMemory.createArena();
        own = NativeMemory.bindThread(arena);
        if (counters == null || arena < 0 || own < 0) {
            throw new IllegalStateException("this needs LD_PRELOAD of a jemalloc with statistics");
        }
        NativeMemory.bindThread(own);
    }

    /** Both counters, as at each change of a load. */
    @Benchmark
    public long nativeBytesReading() {
        return counters.netBytes();
    }

    /** Whether a thread has to flush: asked whenever it leaves its work for a load. */
    @Benchmark
    public int purgesSeen() {
        return memory.purges();
    }

    /** Into a load's arena and out of it again, with the cache flushed each time. */
    @Benchmark
    public int arenaThereAndBack() {
        NativeMemory.bindThread(arena);
        return NativeMemory.bindThread(own);
    }

    /** Of an empty cache. */
    @Benchmark
    public void threadCacheFlush() {
        memory.flushThreadCache();
    }
}
