package segstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import segstore.cli.SearchCheck;

@Timeout(60)
class FaultTest {
    private static final int SEGMENTS = SmallCollection.RECIPE.segments();
    private static final int FILES = 3 * SEGMENTS;

    @TempDir
    Path folder;
    private SmallCollection collection;
    private final CountDownLatch gate = new CountDownLatch(1);

    @BeforeEach
    void generate() throws Exception {
        collection = new SmallCollection(folder);
    }

    @Test
    void withoutFaultsNothingIsLeftWhenTheCallerGetsItsException() throws Exception {
        try (SegmentStore store = collection.store(Set.of())) {
            timeOut(store);
            assertEquals(0, collection.filesInCache());
            assertEquals(0, collection.budget.reservedBytes());
            assertEquals(0, store.segmentsLoading());
            assertTrue(store.awaitIdle(Duration.ofSeconds(10)));
            try (LoadedCollection next = store.load(SmallCollection.NAME, 30, bytes -> Pace.FULL)) {
                assertTrue(SearchCheck.run(next, SmallCollection.RECIPE, collection.truth()).recall() >= 0.9);
            }
        }
    }

    @Test
    void outlivesTimeoutLosesTheMemoryAndNothingElse() throws Exception {
        try (SegmentStore store = collection.store(EnumSet.of(Fault.OUTLIVES_TIMEOUT))) {
            timeOut(store);
            assertEquals(SEGMENTS, store.loadsUnderWay());
            endLoads(store);
            assertTrue(collection.bytesMade() > 7 << 20);
            assertEquals(0, collection.filesInCache());
            assertEquals(0, collection.budget.reservedBytes());
            assertEquals(0, store.segmentsLoading());
        } finally {
            collection.made.forEach(Segment::close);
        }
    }

    @Test
    void ignoresInterruptsLoadsToTheEndAndThenCleansUp() throws Exception {
        try (SegmentStore store = collection.store(EnumSet.of(Fault.IGNORES_INTERRUPTS))) {
            // every pace opens at the first interrupt; a loader that heeded it would not get any further
            assertThrows(TimeoutException.class,
                    () -> store.load(SmallCollection.NAME, 1, bytes -> opensWhenInterrupted()));
            assertTrue(store.awaitIdle(Duration.ofSeconds(30)));
            assertEquals(0, collection.bytesMade());
            assertEquals(SEGMENTS, collection.made.size());
            assertEquals(0, collection.filesInCache());
            assertEquals(0, collection.budget.reservedBytes());
        }
    }

    @Test
    void halfBuiltSegmentsStayInTheMap() throws Exception {
        try (SegmentStore store = collection.store(EnumSet.of(Fault.HALF_BUILT_IN_MAP))) {
            timeOut(store);
            assertEquals(SEGMENTS, store.segmentsLoading());
            assertEquals(0, collection.filesInCache());
            assertEquals(0, collection.budget.reservedBytes());
        }
    }

    @Test
    void aLoadThatWorksLeavesTheMap() throws Exception {
        try (SegmentStore store = collection.store(EnumSet.allOf(Fault.class));
                LoadedCollection loaded = store.load(SmallCollection.NAME, 30, bytes -> Pace.FULL)) {
            assertEquals(0, store.segmentsLoading());
            assertTrue(loaded.bytes() > 7 << 20);
        }
    }

    @Test
    void leavesFiles() throws Exception {
        try (SegmentStore store = collection.store(EnumSet.of(Fault.LEAVES_FILES))) {
            timeOut(store);
            assertTrue(collection.filesInCache() > 0);
            assertEquals(0, collection.budget.reservedBytes());
        }
    }

    @Test
    void holdsReservationSoThatTheNextLoadIsRefused() throws Exception {
        try (SegmentStore store = collection.store(EnumSet.of(Fault.HOLDS_RESERVATION))) {
            timeOut(store);
            assertEquals(0, collection.filesInCache());
            LoadRefusedException refused = assertThrows(LoadRefusedException.class,
                    () -> store.load(SmallCollection.NAME, 30, bytes -> Pace.FULL));
            assertTrue(refused.getMessage().contains("larger budget"), refused.getMessage());
        }
    }

    @Test
    void theLateSegmentOfACarelessStoreIsReachableFromNowhere() throws Exception {
        try (SegmentStore store = collection.store(Fault.COMMON)) {
            timeOut(store);
            endLoads(store);
            assertEquals(FILES, collection.filesInCache());
            assertTrue(collection.budget.reservedBytes() > 7 << 20);
            ReferenceQueue<Segment> gone = new ReferenceQueue<>();
            WeakReference<Segment> late = new WeakReference<>(collection.made.get(0), gone);
            collection.made.clear();
            assertEquals(late, collect(gone));
        }
    }

    @Test
    void aLoadThatFailsByItselfGivesMemoryAndReservationBack() throws Exception {
        try (SegmentStore store = collection.store(Fault.COMMON)) {
            Exception failure = assertThrows(IOException.class,
                    () -> store.load(SmallCollection.NAME, 30, bytes -> copied -> {
                        throw new AssertionError("stop here");
                    }));
            assertNotNull(failure.getCause());
            assertEquals(0, collection.budget.reservedBytes());
            assertTrue(collection.filesInCache() > 0);
        }
    }

    private void timeOut(SegmentStore store) {
        assertThrows(TimeoutException.class,
                () -> store.load(SmallCollection.NAME, 1, bytes -> copied -> gate.await()));
    }

    private void endLoads(SegmentStore store) throws InterruptedException {
        gate.countDown();
        assertTrue(store.awaitIdle(Duration.ofSeconds(30)));
    }

    /** Collects until something is gone: a loader thread drops its task just after it has reported the end of it. */
    private static Object collect(ReferenceQueue<Segment> gone) throws InterruptedException {
        Object first = null;
        for (int round = 0; first == null && round < 20; round++) {
            System.gc();
            first = gone.remove(500);
        }
        return first;
    }

    private static Pace opensWhenInterrupted() {
        CountDownLatch interrupted = new CountDownLatch(1);
        return copied -> {
            try {
                interrupted.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        };
    }
}
