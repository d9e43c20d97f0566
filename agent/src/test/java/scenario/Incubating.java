package scenario;

import java.lang.reflect.InvocationTargetException;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads that take the foreign memory which JDK 17 incubates, by reflection: other JDKs have it elsewhere, or not at all. */
public final class Incubating {
    private static final String PACKAGE = "jdk.incubator.foreign.";

    private Incubating() { }

    interface Work {
        void run() throws Exception;
    }

    /** Watched. */
    static void load(String name, Work work) throws Exception {
        work.run();
    }

    /** @param args a file of 2 MB */
    public static void main(String[] args) throws Exception {
        load("shared", () -> Kept.keep(segment(scope("newSharedScope"), 30_003_001)));
        load("shared-closed", () -> {
            Object scope = scope("newSharedScope");
            segment(scope, 10_001);
            close(scope);
        });
        load("confined", () -> Kept.keep(segment(scope("newConfinedScope"), 1_027)));
        load("confined-closed", () -> {
            Object scope = scope("newConfinedScope");
            segment(scope, 1_028);
            close(scope);
        });
        load("implicit", () -> Kept.keep(segment(scope("newImplicitScope"), 777_777)));
        load("mapped", () -> Kept.keep(mapped(Path.of(args[0]), scope("newSharedScope"), 1_010_004)));
        load("mapped-closed", () -> {
            Object scope = scope("newSharedScope");
            mapped(Path.of(args[0]), scope, 1_010_005);
            close(scope);
        });
        Object before = scope("newSharedScope");
        segment(before, 1_029);
        load("closes-scope-of-before", () -> close(before));
        System.out.println("done " + Files.size(Path.of(args[0])));
    }

    private static Object scope(String kind) throws Exception {
        return Kept.keep(type("ResourceScope").getMethod(kind).invoke(null));
    }

    private static Object segment(Object scope, long bytes) throws Exception {
        return type("MemorySegment").getMethod("allocateNative", long.class, type("ResourceScope")).invoke(null, bytes, scope);
    }

    private static Object mapped(Path file, Object scope, long bytes) throws Exception {
        return type("MemorySegment").getMethod("mapFile", Path.class, long.class, long.class, MapMode.class, type("ResourceScope"))
            .invoke(null, file, 0L, bytes, MapMode.READ_ONLY, scope);
    }

    private static void close(Object scope) throws ReflectiveOperationException, InvocationTargetException {
        type("ResourceScope").getMethod("close").invoke(scope);
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(PACKAGE + name);
    }
}
