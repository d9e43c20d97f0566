package scenario.chaos;

import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** What the program uses: segments that readers verify all the time, until another one takes their place and they are released. Safe for any thread. */
final class Store {
    private final AtomicReferenceArray<Entry> entries;
    /** A careless cache: whoever finds something there may use it. */
    private final AtomicReferenceArray<Order> cache = new AtomicReferenceArray<>(64);
    private volatile boolean closed;

    private static final class Entry {
        private final Segment segment;
        private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        private boolean released;

        Entry(Segment segment) {
            this.segment = segment;
        }

        boolean verify() {
            if (!lock.readLock().tryLock()) {
                return false;
            }
            try {
                if (!released) {
                    segment.verify();
                }
                return !released;
            } finally {
                lock.readLock().unlock();
            }
        }

        void release() throws Exception {
            lock.writeLock().lock();
            try {
                released = true;
                for (Part part : segment.parts) {
                    part.verify();
                    Sound.check(part.account.file == null || Files.exists(part.account.file), "its file is gone: " + part.account);
                    part.account.releasing = true;
                }
                segment.close();
                for (Part part : segment.parts) {
                    if (part.account.file != null) {
                        Files.deleteIfExists(part.account.file);
                    }
                }
            } finally {
                lock.writeLock().unlock();
            }
        }
    }

    Store(int size) {
        entries = new AtomicReferenceArray<>(size);
    }

    /** The program takes it, and drops another one for it. */
    void publish(Segment segment, Random random) throws InterruptedException {
        Entry before = entries.getAndSet(random.nextInt(entries.length()), new Entry(segment.want()));
        release(before);
    }

    /** Nobody will ever have the result of this load, but whoever finds it here in time. */
    void cache(Order givenUp, Random random) {
        cache.set(random.nextInt(cache.length()), givenUp);
    }

    /** What a reader does until the store is closed. */
    void read(long seed) {
        Random random = new Random(seed);
        try {
            while (!closed && !Sound.isLost()) {
                Entry entry = entries.get(random.nextInt(entries.length()));
                boolean read = entry != null && entry.verify();
                readCached(cache.get(random.nextInt(cache.length())));
                if (!read || random.nextInt(8) == 0) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
        } catch (Throwable t) {
            Sound.wrong(t);
        }
    }

    /** In a frame of its own, which is left before anything else is done. */
    private static void readCached(Order order) {
        WeakReference<Segment> reference = order == null ? null : order.weak;
        Segment segment = reference == null ? null : reference.get();
        if (segment != null) {
            segment.parts.get(0).verify();
        }
    }

    void close() {
        closed = true;
        for (int i = 0; i < entries.length(); i++) {
            release(entries.getAndSet(i, null));
        }
    }

    private static void release(Entry entry) {
        if (entry != null) {
            try {
                entry.release();
            } catch (Throwable t) {
                Sound.wrong(t);
            }
        }
    }
}
