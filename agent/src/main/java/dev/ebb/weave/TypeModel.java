package dev.ebb.weave;

import dev.ebb.config.LoadPattern;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;

/**
 * Answers what a class file alone does not: supertypes and annotations. The only user of Byte Buddy, and loaded only if a pattern needs it, since Byte
 * Buddy is most of an agent's start-up. Reads class files as resources and loads no class of the program. Thread-safe.
 */
final class TypeModel {
    private final Map<ClassLoader, TypePool.CacheProvider> caches = new WeakHashMap<>();

    /** The methods (name and descriptor) of the class that bear the pattern's annotation. */
    Set<String> annotated(LoadPattern pattern, ClassLoader loader, String className, byte[] bytes) {
        Set<String> methods = new HashSet<>();
        for (MethodDescription method : describe(loader, className, bytes).getDeclaredMethods()) {
            if (method.getDeclaredAnnotations().asTypeList().stream().anyMatch(type -> pattern.typeMatches(type.getName()))) {
                methods.add(method.getInternalName() + method.getDescriptor());
            }
        }
        return methods;
    }

    /** Whether the class is the pattern's type or a subtype of it. */
    boolean isSubtype(LoadPattern pattern, ClassLoader loader, String className, byte[] bytes) {
        TypeDescription type = describe(loader, className, bytes);
        return ElementMatchers.failSafe(ElementMatchers.<TypeDescription>hasSuperType(candidate -> pattern.typeMatches(candidate.getName()))).matches(type);
    }

    /**
     * A cheap look at the constant pool before a type is described: a class that declares a matching method holds every literal part of its name, one that
     * bears an annotation holds that annotation's name.
     */
    static boolean canMatch(LoadPattern pattern, byte[] bytes) {
        String name = pattern.annotation() != null ? lastPart(pattern.annotation()) : pattern.longestLiteral();
        return name.isEmpty() || contains(bytes, name.getBytes(StandardCharsets.UTF_8));
    }

    static boolean anyCanMatch(List<LoadPattern> patterns, byte[] bytes) {
        for (int i = 0; i < patterns.size(); i++) {
            if (!patterns.get(i).exact() && canMatch(patterns.get(i), bytes)) {
                return true;
            }
        }
        return false;
    }

    private TypeDescription describe(ClassLoader loader, String className, byte[] bytes) {
        String name = className.replace('/', '.');
        TypePool.CacheProvider cache;
        synchronized (caches) {
            cache = caches.computeIfAbsent(loader, key -> TypePool.CacheProvider.Simple.withObjectType());
        }
        ClassFileLocator locator = new ClassFileLocator.Compound(ClassFileLocator.Simple.of(name, bytes), ClassFileLocator.ForClassLoader.of(loader));
        return new TypePool.Default.WithLazyResolution(cache, locator, TypePool.Default.ReaderMode.FAST).describe(name).resolve();
    }

    private static String lastPart(String name) {
        return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
    }

    private static boolean contains(byte[] bytes, byte[] wanted) {
        byte first = wanted[0];
        for (int i = 0, last = bytes.length - wanted.length; i <= last; i++) {
            if (bytes[i] == first && matchesAt(bytes, i, wanted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matchesAt(byte[] bytes, int at, byte[] wanted) {
        for (int i = 1; i < wanted.length; i++) {
            if (bytes[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
