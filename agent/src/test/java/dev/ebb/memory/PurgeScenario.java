package dev.ebb.memory;

import dev.ebb.load.Purged;
import dev.ebb.testing.NativeBlocks;

/**
 * A program that mallocs {@link #BLOCKS} blocks and one more that stays, frees them, purges twice, and prints what it saw as {@code name=value}. It runs in a JVM of its own.
 * Arguments: none, or {@code interrupted} to purge with the interrupt flag set. Properties: {@code scenario.native.path}, {@code scenario.load} (a library to load before).
 */
final class PurgeScenario {
    static final int BLOCKS = 3_200;
    static final int BLOCK_BYTES = 64 << 10; // below every allocator's threshold for a mapping of its own
    static final long FREED_BYTES = (long) BLOCKS * BLOCK_BYTES; // 200 MiB

    private PurgeScenario() { }

    public static void main(String[] arguments) {
        if (System.getProperty("scenario.load") != null) {
            System.load(System.getProperty("scenario.load"));
        }
        ProcessMemory memory = new ProcessMemory(System.getProperty("scenario.native.path"), (where, cause, remedy) -> say("trouble", where + " " + cause + " remedy: " + remedy));
        memory.residentBytes();
        allocateAndFree(memory);
        memory.flushThreadCache(); // nothing is loaded yet, so nothing may happen
        if (arguments.length > 0) {
            Thread.currentThread().interrupt();
        }
        Purged first = memory.purge();
        say("rssPurged", memory.residentBytes());
        say("interrupted", Thread.interrupted());
        report("first", first);
        report("second", memory.purge());
        memory.flushThreadCache();
        for (Allocator allocator : memory.allocators()) {
            say("found", allocator);
        }
        say("end", "");
    }

    private static void allocateAndFree(ProcessMemory memory) {
        NativeBlocks blocks = new NativeBlocks();
        long[] addresses = new long[BLOCKS];
        for (int i = 0; i < BLOCKS; i++) {
            addresses[i] = blocks.allocate(BLOCK_BYTES);
        }
        blocks.allocate(BLOCK_BYTES); // keeps the end of the heap in place
        say("rssPeak", memory.residentBytes());
        for (long address : addresses) {
            blocks.free(address);
        }
        say("rssFreed", memory.residentBytes());
    }

    private static void report(String which, Purged purged) {
        say(which + ".allocator", purged.allocator());
        say(which + ".way", purged.way());
        say(which + ".returnedBytes", purged.returnedBytes());
        say(which + ".allocatedBytes", purged.allocatedBytes());
        say(which + ".cachedBytes", purged.cachedBytes());
        say(which + ".micros", purged.nanos() / 1000);
        say(which + ".note", purged.note());
    }

    private static void say(String name, Object value) {
        System.out.println(name + "=" + value);
    }
}
