package dev.ebb.memory;

import dev.ebb.load.Memory;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class ProcessMemoryTest {
    private static final long NEAR_BYTES = 64 << 20; // what this JVM may take or give between two readings

    private final List<String> troubles = new ArrayList<>();
    private final ProcessMemory memory = new ProcessMemory(null, (where, cause, remedy) -> troubles.add(where + " " + cause));

    @BeforeEach
    void needsProc() {
        assumeTrue(new File("/proc/self/statm").exists(), "needs Linux's /proc");
    }

    @Test
    void bothWaysToReadTheResidentSizeAgree() {
        Memory.Resident resident = memory.resident();
        assertEquals(resident.totalBytes(), memory.residentBytes(), NEAR_BYTES);
        assertEquals(resident.totalBytes(), resident.anonymousBytes() + resident.fileBytes() + resident.sharedBytes());
        assertEquals(List.of(), troubles);
    }

    @Test
    void anInterruptNeitherStopsTheReadingsNorGetsLost() {
        Thread.currentThread().interrupt();
        long first = memory.residentBytes();
        long second = memory.residentBytes();
        assertTrue(Thread.interrupted());
        assertTrue(first > 0 && second > 0);
    }

    @Test
    void manyThreadsReadAtOnceAndAllGetAPlausibleFigure() throws Exception {
        int threads = 8;
        long expected = memory.residentBytes();
        CountDownLatch start = new CountDownLatch(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                readers.add(pool.submit(() -> readTogether(start, expected)));
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private Void readTogether(CountDownLatch start, long expected) throws InterruptedException {
        start.countDown();
        start.await();
        for (int i = 0; i < 2_000; i++) {
            assertEquals(expected, memory.residentBytes(), NEAR_BYTES);
        }
        return null;
    }
}
