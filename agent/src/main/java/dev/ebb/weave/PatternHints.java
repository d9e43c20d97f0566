package dev.ebb.weave;

import dev.ebb.config.LoadPattern;
import dev.ebb.config.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Says of a pattern that matches nothing what it may have meant. Reads class files; loads no class and initialises none. */
final class PatternHints {
    private final Map<String, Class<?>> byName = new HashMap<>();

    PatternHints(Class<?>[] loaded) {
        for (Class<?> type : loaded) {
            if (type.getClassLoader() != null && !type.isArray() && !type.isHidden() && !type.getName().startsWith("dev.ebb.")) {
                byName.put(type.getName(), type);
            }
        }
    }

    String explain(LoadPattern pattern) {
        if (pattern.annotation() != null) {
            return "no loaded method bears @" + pattern.annotation() + " so far";
        }
        Class<?> type = find(pattern);
        if (type == null) {
            String nearest = Nearest.to(pattern.className(), new ArrayList<>(byName.keySet()));
            return "the class " + pattern.className() + " has not been loaded so far" + (nearest == null ? "" : "; the nearest one loaded is " + nearest);
        }
        if (pattern.subtypes()) {
            return "no loaded subtype of " + pattern.className() + " has a matching method with code so far";
        }
        return explainMethod(pattern, type);
    }

    private Class<?> find(LoadPattern pattern) {
        for (Map.Entry<String, Class<?>> entry : byName.entrySet()) {
            if (pattern.typeMatches(entry.getKey())) {
                return entry.getValue();
            }
        }
        return null;
    }

    private static String explainMethod(LoadPattern pattern, Class<?> type) {
        List<String> names = new ArrayList<>();
        List<String> bodiless = new ArrayList<>();
        List<String> overloads = new ArrayList<>();
        readMethods(type, pattern, names, bodiless, overloads);
        String start = "the class " + type.getName() + " ";
        if (!overloads.isEmpty()) {
            return start + "has the method with other arguments: " + String.join(", ", overloads);
        }
        if (!bodiless.isEmpty()) {
            return start + "has " + bodiless.get(0) + " as an abstract or native method, which has no code to weave; watch its subtypes (" + type.getName()
                + "+#" + bodiless.get(0) + ") or the Java method that calls it";
        }
        String nearest = Nearest.to(pattern.methodName(), names);
        return start + "has no such method" + (nearest == null ? "" : "; the nearest one is " + type.getName() + '#' + nearest);
    }

    private static void readMethods(Class<?> type, LoadPattern pattern, List<String> names, List<String> bodiless, List<String> overloads) {
        try (InputStream in = type.getClassLoader().getResourceAsStream(type.getName().replace('.', '/') + ".class")) {
            if (in != null) {
                new ClassReader(in.readAllBytes()).accept(new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                        names.add(name);
                        if (pattern.methodMatches(name)) {
                            boolean body = (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0;
                            (body ? overloads : bodiless).add(body ? name + descriptor : name);
                        }
                        return null;
                    }
                }, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
            }
        } catch (IOException e) {
            // without its class file only the class can be named
        }
    }
}
