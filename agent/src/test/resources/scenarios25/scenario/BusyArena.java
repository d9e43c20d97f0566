package scenario;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeoutException;

/** A load that times out and leaves a shared arena behind, which a native call of somebody else uses just then. */
public final class BusyArena {
    private static final SynchronousQueue<MemorySegment> SEGMENTS = new SynchronousQueue<>();
    private static volatile int slept = -1;

    private BusyArena() { }

    /** Watched. */
    static void load() throws TimeoutException, InterruptedException {
        MemorySegment time = Arena.ofShared().allocate(20_016, 8);
        time.set(ValueLayout.JAVA_LONG, 0, 1); // struct timespec: one second
        SEGMENTS.put(time);
        throw new TimeoutException();
    }

    public static void main(String[] args) throws Throwable {
        MethodHandle nanosleep = Linker.nativeLinker().downcallHandle(Linker.nativeLinker().defaultLookup().find("nanosleep").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        Thread thread = new Thread(() -> sleep(nanosleep));
        thread.start();
        try {
            load();
            throw new AssertionError();
        } catch (TimeoutException expected) {
            // what it left behind is the subject
        }
        System.out.println("waiting");
        System.in.read();
        thread.join();
        System.out.println("slept " + slept);
    }

    private static void sleep(MethodHandle nanosleep) {
        try {
            MemorySegment time = SEGMENTS.take();
            slept = (int) nanosleep.invokeExact(time, MemorySegment.NULL);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
