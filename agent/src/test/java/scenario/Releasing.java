package scenario;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Loads of segments that are released again: wholly, in part, or not. */
public final class Releasing {
    private static final Map<String, Part> STORE = new HashMap<>();

    private Releasing() { }

    /** What a load returns: a block, and a buffer that only a collection gives back. */
    static class Part implements AutoCloseable {
        private final boolean leaks;
        private Object block;
        private ByteBuffer buffer;

        Part(boolean leaks, long blockBytes, int bufferBytes) throws Exception {
            this.leaks = leaks;
            block = blockBytes == 0 ? null : unsafe("allocateMemory", blockBytes);
            buffer = bufferBytes == 0 ? null : ByteBuffer.allocateDirect(bufferBytes);
        }

        /** Releases. */
        @Override
        public void close() {
            if (leaks) {
                Kept.keep(buffer);
            } else if (block != null) {
                free(block);
            }
            buffer = null;
        }
    }

    /** Loads into itself. */
    static final class Shelf {
        private Object block;

        /** Watched. */
        void fill(String name, long bytes) throws Exception {
            block = unsafe("allocateMemory", bytes);
        }

        /** Releases. */
        void clear(boolean all) {
            if (all) {
                free(block);
            }
        }
    }

    /** Watched. */
    static Part load(String name, boolean leaks, long blockBytes, int bufferBytes) throws Exception {
        return new Part(leaks, blockBytes, bufferBytes);
    }

    /** Watched. */
    static void loadIntoStore(String name, boolean leaks, long blockBytes, int bufferBytes) throws Exception {
        Part before = STORE.put(name, new Part(leaks, blockBytes, bufferBytes));
        if (before != null) {
            STORE.put(name + " before", before);
        }
    }

    /** Releases by name, and calls what releases as well. */
    static void unload(String name) {
        STORE.remove(name).close();
        Part before = STORE.remove(name + " before");
        if (before != null) {
            before.close();
        }
    }

    /** Releases by name, after a while in another thread, and fails. */
    static void unloadLater(String name, CountDownLatch go) {
        Part part = STORE.remove(name);
        Thread thread = new Thread(() -> {
            await(go);
            part.close();
        });
        thread.setDaemon(true);
        thread.start();
        throw new IllegalStateException("of the program");
    }

    public static void main(String[] args) throws Exception {
        load("whole", false, 1_001, 0).close();
        load("dropped", false, 0, 1_002).close();
        load("part", true, 1_003, 1_004).close();
        load("unreleased", true, 1_005, 1_006);
        Shelf shelf = Kept.keep(new Shelf());
        shelf.fill("shelf", 1_007);
        shelf.clear(true);
        shelf.fill("shelf-leaks", 1_008);
        shelf.clear(false);
        loadIntoStore("by-name", true, 1_009, 0);
        unload("by-name");
        loadIntoStore("by-name-whole", false, 1_010, 1_011);
        unload("by-name-whole");
        // what was brought in by two loads is released by one call
        loadIntoStore("twice", true, 1_012, 0);
        loadIntoStore("twice", true, 1_013, 0);
        unload("twice");
        CountDownLatch go = new CountDownLatch(1);
        loadIntoStore("later", false, 1_014, 0);
        try {
            unloadLater("later", go);
        } catch (IllegalStateException expected) {
            // what it releases is still there
            go.countDown();
        }
        unloadNothing("nobody");
        // a load after the release has nothing to do with it
        loadIntoStore("by-name", false, 1_015, 0);
        // once Ebb has looked at the releases
        System.in.read();
        System.out.println("done");
    }

    /** Releases. */
    static void unloadNothing(String name) { }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void free(Object block) {
        try {
            unsafe("freeMemory", block);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Object unsafe(String method, Object argument) throws Exception {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field instance = type.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        return type.getMethod(method, long.class).invoke(instance.get(null), argument);
    }
}
