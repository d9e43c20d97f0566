package dev.ebb.memory;

import dev.ebb.load.Purged;
import dev.ebb.testing.NativeBlocks;
import dev.ebb.testing.NativeCalls;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/**
 * A program that mallocs {@link #BLOCKS} blocks and one more that stays, frees them, purges twice, and prints what it saw as {@code name=value}. It runs in a JVM of its own.
 * Arguments: none, or {@code interrupted} to purge with the interrupt flag set. Properties: {@code scenario.native.path}, {@code scenario.load} (a library to load before),
 * {@code scenario.rocksdb} (a directory for a database; RocksDB takes and frees instead of the program itself), {@code scenario.private} (a library to load before, with the prefix of its malloc behind a comma: what is taken and freed comes from there, too).
 */
final class PurgeScenario {
    static final int BLOCKS = 3_200;
    static final int BLOCK_BYTES = 64 << 10; // below every allocator's threshold for a mapping of its own
    static final long FREED_BYTES = (long) BLOCKS * BLOCK_BYTES; // 200 MiB

    private PurgeScenario() { }

    public static void main(String[] arguments) throws Exception {
        if (System.getProperty("scenario.load") != null) {
            System.load(System.getProperty("scenario.load"));
        }
        ProcessMemory memory = new ProcessMemory(System.getProperty("scenario.native.path"), (where, cause, remedy) -> say("trouble", where + " " + cause + " remedy: " + remedy));
        memory.residentBytes();
        if (System.getProperty("scenario.rocksdb") == null) {
            allocateAndFree(memory);
        } else {
            Rocks.fillReadAndClose(System.getProperty("scenario.rocksdb"));
        }
        if (System.getProperty("scenario.private") != null) {
            allocateAndFreePrivately(System.getProperty("scenario.private").split(","), memory);
        }
        if (System.getProperty("scenario.database") != null) {
            Database.fillAndDrop(System.getProperty("scenario.database"));
            say("rssDatabase", memory.residentBytes());
        }
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

    /** Every tenth block stays, so that the allocator cannot return the rest by itself. */
    private static void allocateAndFreePrivately(String[] library, ProcessMemory memory) {
        long handle = NativeCalls.open(library[0]);
        String prefix = library.length > 1 ? library[1] : "";
        long blocks = NativeCalls.allocate(NativeCalls.symbol(handle, prefix + "malloc"), BLOCKS, BLOCK_BYTES / 4);
        NativeCalls.release(NativeCalls.symbol(handle, prefix + "free"), blocks, BLOCKS, 10);
        say("rssPrivate", memory.residentBytes());
    }

    private static void report(String which, Purged purged) {
        say(which + ".allocator", purged.allocator());
        say(which + ".way", purged.way());
        say(which + ".returnedBytes", purged.returnedBytes());
        say(which + ".allocatedBytes", purged.allocatedBytes());
        say(which + ".cachedBytes", purged.cachedBytes());
        say(which + ".micros", purged.nanos() / 1000);
        say(which + ".note", purged.note());
        say(which + ".threadCachesBytes", purged.threadCachesBytes());
        say(which + ".fragmentedBytes", purged.fragmentedBytes());
        for (Purged.One one : purged.allocators()) {
            say(which + ".one", one.name() + " " + one.servesMalloc() + " " + one.way() + " returned " + one.returnedBytes());
        }
    }

    private static void say(String name, Object value) {
        System.out.println(name + "=" + value);
    }

    /** By reflection, since the engine is no dependency of the build. */
    private static final class Rocks {
        private static final int RECORDS = 100_000;

        /** Opened a second time it writes its log into a table; reading that fills the block cache, 32 MiB of blocks from malloc, which the close frees. */
        static void fillReadAndClose(String directory) throws Exception {
            Class<?> type = Class.forName("org.rocksdb.RocksDB");
            Method put = type.getMethod("put", byte[].class, byte[].class);
            try (AutoCloseable database = open(type, directory)) {
                byte[] value = new byte[1_000];
                Random random = new Random(1);
                for (int i = 0; i < RECORDS; i++) {
                    random.nextBytes(value);
                    put.invoke(database, Integer.toString(i).getBytes(StandardCharsets.UTF_8), value);
                }
            }
            try (AutoCloseable database = open(type, directory); AutoCloseable iterator = (AutoCloseable) type.getMethod("newIterator").invoke(database)) {
                Class<?> reader = iterator.getClass();
                int records = 0;
                reader.getMethod("seekToFirst").invoke(iterator);
                for (; (boolean) reader.getMethod("isValid").invoke(iterator); records++) {
                    reader.getMethod("next").invoke(iterator);
                }
                say("records", records);
            }
        }

        private static AutoCloseable open(Class<?> type, String directory) throws ReflectiveOperationException {
            return (AutoCloseable) type.getMethod("open", String.class).invoke(null, directory);
        }
    }

    /** Apart, because a small run-time image has no java.sql. */
    private static final class Database {
        /** An engine with an allocator of its own fills tables and drops them; it stays open. */
        static void fillAndDrop(String url) throws SQLException {
            Connection engine = DriverManager.getConnection(url);
            try (Statement statement = engine.createStatement()) {
                statement.execute("CREATE TABLE filled AS SELECT range AS id, hash(range)::VARCHAR || '-' || range AS name FROM range(2000000)");
                statement.execute("SELECT count(DISTINCT name) FROM filled");
                statement.execute("DROP TABLE filled");
                statement.execute("CHECKPOINT");
            }
        }
    }
}
