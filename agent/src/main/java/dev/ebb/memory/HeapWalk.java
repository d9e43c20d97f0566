package dev.ebb.memory;

import dev.ebb.load.HeapWalker;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@link HeapWalker} by the JVM's tool interface, which the native library reaches. */
final class HeapWalk implements HeapWalker {
    /** Local variables of some hundred threads; what is beyond is not looked at. */
    private static final int ROOTS = 4_096;
    /** Objects remembered on the way back; about 100 bytes each while the search lasts. */
    private static final int NODES = 1 << 16;
    /** Buffers over memory; those that the JDK itself makes. */
    private static final String[] OVER_MEMORY = {"java.nio.DirectByteBuffer", "java.nio.DirectByteBufferR", "jdk.internal.foreign.MappedMemorySegmentImpl"};

    private final NativeLibrary library;

    HeapWalk(NativeLibrary library) {
        this.library = library;
    }

    @Override
    public boolean isQuiet() {
        return library.loadsQuietly();
    }

    @Override
    public synchronized Roots roots() {
        if (!library.load()) {
            return new Roots(List.of(), 0, library.problem());
        }
        int[] error = {0};
        long walk = open(ROOTS, ROOTS, error);
        if (walk == 0) {
            return new Roots(List.of(), 0, ToolError.text(error[0]));
        }
        try {
            long start = System.nanoTime();
            int failed = NativeWalk.lookAtRoots(walk);
            return new Roots(failed == 0 ? rootsOf(walk) : List.of(), System.nanoTime() - start, ToolError.text(failed));
        } finally {
            NativeWalk.close(walk);
        }
    }

    private static List<Root> rootsOf(long walk) {
        List<Root> roots = new ArrayList<>();
        Object[] held = NativeWalk.heldByRoots(walk);
        ThreadNames names = new ThreadNames();
        for (int i = 0; held != null && i < held.length; i++) {
            if (held[i] != null) {
                roots.add(new Root(RootText.of(walk, i, names), held[i]));
            }
        }
        return roots;
    }

    @Override
    public synchronized Search search(Wanted wanted, Limits limits) {
        if (!library.load()) {
            return nothing(library.problem());
        }
        int[] error = {0};
        long walk = open(limits.paths(), NODES, error);
        if (walk == 0) {
            return nothing(ToolError.text(error[0]));
        }
        try {
            long start = System.nanoTime();
            int failed = prepare(walk, wanted);
            return failed == 0 ? passes(walk, limits, System.nanoTime() - start) : nothing(ToolError.text(failed));
        } finally {
            NativeWalk.close(walk);
        }
    }

    private static long open(int roots, int nodes, int[] error) {
        return NativeWalk.open(Thread.currentThread().getId(), roots, nodes, error);
    }

    private static Search nothing(String problem) {
        return new Search(List.of(), 0, 0, 0, false, problem);
    }

    private static int prepare(long walk, Wanted wanted) {
        int error = 0;
        for (Reference<?> reference : wanted.objects()) {
            error = searchFor(walk, reference);
        }
        for (int i = 0; i < OVER_MEMORY.length && wanted.spans().length > 0 && error == 0; i++) {
            Class<?> type = loaded(OVER_MEMORY[i]);
            error = type == null ? 0 : NativeWalk.searchForMemory(walk, type, wanted.spans());
        }
        for (Class<?> weak : Arrays.asList(WeakReference.class, PhantomReference.class, loaded("java.lang.ref.FinalReference"))) {
            ignoreReferents(walk, weak);
        }
        return error;
    }

    /** In a frame of its own: no variable may hold the object during a pass. */
    private static int searchFor(long walk, Reference<?> reference) {
        Object object = reference.get();
        return object == null ? 0 : NativeWalk.searchFor(walk, object);
    }

    private static Class<?> loaded(String name) {
        try {
            return Class.forName(name, false, null);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static void ignoreReferents(long walk, Class<?> type) {
        Class<?>[] classes = type == null ? null : NativeWalk.subclasses(walk, type);
        for (int i = 0; classes != null && i < classes.length; i++) {
            NativeWalk.ignore(walk, classes[i], referent(classes[i]));
        }
    }

    /** JVMTI counts the fields of all superinterfaces first, then those of the superclasses from the top, of which {@code Reference.referent} is the first. */
    private static int referent(Class<?> type) {
        Set<Class<?>> interfaces = new HashSet<>();
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            addInterfaces(c, interfaces);
        }
        int fields = 0;
        try {
            for (Class<?> implemented : interfaces) {
                fields += implemented.getDeclaredFields().length;
            }
        } catch (LinkageError e) {
            // a field's type is missing; then this one class of references counts as strong
            return Integer.MAX_VALUE - 1;
        }
        return fields;
    }

    private static void addInterfaces(Class<?> type, Set<Class<?>> interfaces) {
        for (Class<?> implemented : type.getInterfaces()) {
            if (interfaces.add(implemented)) {
                addInterfaces(implemented, interfaces);
            }
        }
    }

    private static Search passes(long walk, Limits limits, long preparedNanos) {
        long nanos = preparedNanos;
        long longest = preparedNanos;
        long known = -1;
        for (int passes = 1; ; passes++) {
            long start = System.nanoTime();
            int error = NativeWalk.pass(walk, limits.passNanos());
            long took = System.nanoTime() - start;
            nanos += took;
            longest = Math.max(longest, took);
            long[] state = NativeWalk.state(walk);
            long roots = state[1];
            boolean outOfTime = state[3] != 0;
            if (error != 0 || roots > 0 || outOfTime || state[2] == known || passes == limits.passes()) {
                return new Search(paths(walk, (int) roots), passes, nanos, longest, outOfTime, ToolError.text(error));
            }
            known = state[2];
        }
    }

    private static List<Path> paths(long walk, int roots) {
        List<Path> paths = new ArrayList<>();
        ThreadNames names = new ThreadNames();
        for (int i = 0; i < roots; i++) {
            Object[] objects = NativeWalk.path(walk, i);
            if (objects != null && !Arrays.asList(objects).contains(null)) {
                paths.add(new Path(RootText.of(walk, i, names), List.of(objects)));
            }
        }
        return paths;
    }
}
