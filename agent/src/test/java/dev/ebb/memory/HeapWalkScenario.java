package dev.ebb.memory;

import dev.ebb.load.HeapWalker;
import dev.ebb.load.HeapWalker.Limits;
import dev.ebb.load.HeapWalker.Path;
import dev.ebb.load.HeapWalker.Root;
import dev.ebb.load.HeapWalker.Search;
import dev.ebb.load.HeapWalker.Wanted;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks who holds what, in ways that lead astray, and prints the answers as {@code name=value}. Runs in a JVM of its own, with java.nio opened to it. */
final class HeapWalkScenario {
    private static final Map<String, Object> REGISTRY = new HashMap<>();
    private static final Map<Object, Object> WEAK = new WeakHashMap<>();
    private static final Object[] MANY = new Object[200_000];
    private static final CountDownLatch END = new CountDownLatch(1);
    private static final Limits ALL = new Limits(TimeUnit.MINUTES.toNanos(1), 24, 1);

    private HeapWalkScenario() { }

    public static void main(String[] arguments) throws Exception {
        HeapWalker walker = new ProcessMemory(null, (where, cause, remedy) -> System.out.println("trouble=" + where + " " + cause)).tools().heapWalker();
        System.out.println("quiet before=" + walker.isQuiet());
        print("static", walker.search(published(), ALL));
        print("weak only", walker.search(weaklyHeld(), ALL));
        print("weak value", walker.search(valueOfWeakMap(), ALL));
        print("buffer", walker.search(new Wanted(List.of(), span()), ALL));
        print("own frame", ofOwnFrame(walker));
        Thread holder = new Thread(HeapWalkScenario::hold, "scenario-holder");
        holder.start();
        while (holder.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        print("frame", walker.search(new Wanted(List.of(new WeakReference<>(REGISTRY.remove("frame"))), new long[0]), ALL));
        for (Root root : walker.roots().roots()) {
            if (root.object() instanceof StringBuilder || root.object() instanceof Thread && ((Thread) root.object()).getName().startsWith("scenario-")) {
                System.out.println("root=" + root.from() + " " + root.object());
            }
        }
        END.countDown();
        for (int i = 0; i < MANY.length; i++) {
            MANY[i] = new Object[] {i, MANY[Math.max(0, i - 1)]};
        }
        Search search = walker.search(published(), new Limits(1, 24, 1));
        System.out.println("no time=" + search.outOfTime() + " " + search.paths().isEmpty());
        System.out.println("quiet after=" + walker.isQuiet());
        System.out.println("end");
    }

    private static Wanted published() {
        REGISTRY.put("a", new Object[] {new StringBuilder("published")});
        return new Wanted(List.of(new WeakReference<>(((Object[]) REGISTRY.get("a"))[0])), new long[0]);
    }

    /** By a weak reference, a key of a weak map, a cleaner's phantom reference: all of them ways to know an object and none to keep it. */
    private static Wanted weaklyHeld() {
        StringBuilder object = new StringBuilder("weak");
        Reference<Object> weak = new WeakReference<>(object);
        REGISTRY.put("weak", weak);
        WEAK.put(object, "value");
        REGISTRY.put("cleaner", Cleaner.create().register(object, () -> { }));
        return new Wanted(List.of(weak), new long[0]);
    }

    private static Wanted valueOfWeakMap() {
        Object key = new Object();
        REGISTRY.put("key", key);
        WEAK.put(key, new StringBuilder("value"));
        return new Wanted(List.of(new WeakReference<>(WEAK.get(key))), new long[0]);
    }

    private static long[] span() throws ReflectiveOperationException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(10_001);
        REGISTRY.put("buffer", buffer);
        Field field = Buffer.class.getDeclaredField("address");
        field.setAccessible(true);
        long address = field.getLong(buffer);
        return new long[] {1, 2, address, address + 10_000, Long.MAX_VALUE - 1, Long.MAX_VALUE};
    }

    private static Search ofOwnFrame(HeapWalker walker) {
        StringBuilder mine = new StringBuilder("mine");
        Search search = walker.search(new Wanted(List.of(new WeakReference<>(mine)), new long[0]), ALL);
        return mine.length() > 0 ? search : null;
    }

    private static void hold() {
        StringBuilder held = new StringBuilder("held");
        REGISTRY.put("frame", held);
        boolean interrupted = false;
        while (END.getCount() > 0) {
            try {
                END.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        System.out.println("held to the end=" + held + (interrupted ? " interrupted" : ""));
    }

    private static void print(String name, Search search) {
        List<String> types = new ArrayList<>();
        for (Path path : search.paths()) {
            types.add(path.from());
            for (Object object : path.objects()) {
                types.add(object instanceof Class ? ((Class<?>) object).getName() : object.getClass().getSimpleName());
            }
        }
        System.out.println(name + "=" + types + search.problem() + (search.outOfTime() ? " out of time" : ""));
    }
}
