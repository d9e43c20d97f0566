package dev.ebb.weave;

import dev.ebb.config.LoadPattern;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Answers what a class file alone does not: supertypes; and which methods bear an annotation. Reads class files as resources and loads no class of the program. Needed only if a pattern
 * asks for either. Thread-safe.
 */
final class TypeModel {
    private static final int HEADERS = ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES;

    /** By class loader: internal names of the direct supertypes, by internal name. */
    private final Map<ClassLoader, Map<String, String[]>> known = new WeakHashMap<>();

    /** The methods (name and descriptor) of the class that bear the pattern's annotation. */
    static Set<String> annotated(LoadPattern pattern, byte[] bytes) {
        Set<String> methods = new HashSet<>();
        new ClassReader(bytes).accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
                        if (pattern.typeMatches(Type.getType(annotation).getClassName())) {
                            methods.add(name + descriptor);
                        }
                        return null;
                    }
                };
            }
        }, HEADERS);
        return methods;
    }

    /** Whether the class is the pattern's type or a subtype of it, as far as class files can be found. @param className internal */
    boolean isSubtype(LoadPattern pattern, ClassLoader loader, String className, byte[] bytes) {
        return pattern.typeMatches(className) || hasSupertype(pattern, loader, supertypes(bytes));
    }

    private boolean hasSupertype(LoadPattern pattern, ClassLoader loader, String[] supertypes) {
        for (int i = 0; i < supertypes.length; i++) {
            String name = supertypes[i];
            if (pattern.typeMatches(name) || hasSupertype(pattern, loader, supertypesOf(loader, name))) {
                return true;
            }
        }
        return false;
    }

    private String[] supertypesOf(ClassLoader loader, String name) {
        Map<String, String[]> ofLoader;
        synchronized (known) {
            ofLoader = known.get(loader);
            if (ofLoader == null) {
                ofLoader = new ConcurrentHashMap<>();
                known.put(loader, ofLoader);
            }
        }
        String[] supertypes = ofLoader.get(name);
        if (supertypes == null) {
            supertypes = readSupertypes(loader, name);
            if (supertypes != null) {
                ofLoader.put(name, supertypes);
            }
        }
        // a class without a file, made at run time: what is above it is not known
        return supertypes == null ? new String[0] : supertypes;
    }

    /** Without a lock: the loader is code of the program. @return null if there is no such file, or it could not be read this time */
    private static String[] readSupertypes(ClassLoader loader, String name) {
        try (InputStream in = loader.getResourceAsStream(name.concat(".class"))) {
            return in == null ? null : supertypes(in.readAllBytes());
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static String[] supertypes(byte[] bytes) {
        ClassReader reader = new ClassReader(bytes);
        if (reader.getSuperName() == null) {
            // java.lang.Object, and a module's description
            return new String[0];
        }
        String[] interfaces = reader.getInterfaces();
        String[] all = new String[interfaces.length + 1];
        all[0] = reader.getSuperName();
        System.arraycopy(interfaces, 0, all, 1, interfaces.length);
        return all;
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
