package dev.ebb.weave;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.CheckClassAdapter;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A program that weaves each method, constructor and close of each class in jars, as if all were watched and tracked, has ASM look at the data flow of what came out, and has the JVM link it.
 * Arguments: the share of the classes that is taken (1 for all, 16 for every sixteenth), and the jars. What the JVM says of a woven class must be what it says of the class itself. Prints one line of figures,
 * and a line for each class that is the worse for being woven.
 */
public final class WeaveJars {
    private final Map<String, byte[]> classes = new TreeMap<>();
    private final Map<String, byte[]> resolved = new HashMap<>();
    private final Map<String, Integer> reasons = new TreeMap<>();
    private int methods;
    /** So that some are numbered as a short can, and some are not. */
    private int site = Short.MAX_VALUE - 1_000;

    private WeaveJars() { }

    public static void main(String[] args) throws IOException {
        WeaveJars program = new WeaveJars();
        for (int i = 1; i < args.length; i++) {
            program.read(Path.of(args[i]));
        }
        program.run(Integer.parseInt(args[0]));
    }

    private void read(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String name = entry.getName();
                if (name.endsWith(".class") && !name.startsWith("META-INF/") && !name.endsWith("module-info.class")) {
                    byte[] bytes = zip.getInputStream(entry).readAllBytes();
                    classes.putIfAbsent(new ClassReader(bytes).getClassName(), bytes);
                }
            }
        }
    }

    private void run(int share) {
        Loader plain = new Loader(classes);
        resolved.putAll(classes);
        Map<String, byte[]> woven = new TreeMap<>();
        int number = 0;
        for (Map.Entry<String, byte[]> type : classes.entrySet()) {
            if (number++ % share == 0) {
                byte[] bytes = weave(type.getKey(), type.getValue());
                if (bytes != null) {
                    woven.put(type.getKey(), bytes);
                    resolved.put(type.getKey(), bytes);
                }
            }
        }
        Loader loader = new Loader(resolved);
        int unlinkable = 0;
        int failed = 0;
        for (Map.Entry<String, byte[]> type : woven.entrySet()) {
            String before = link(plain, type.getKey());
            String after = link(loader, type.getKey());
            String flow = before.isEmpty() && after.isEmpty() ? flow(type.getValue(), loader) : "";
            // ASM cannot tell what it finds no class for, and so not of the class itself either
            boolean flawed = !flow.isEmpty() && flow(classes.get(type.getKey()), plain).isEmpty();
            unlinkable += before.isEmpty() ? 0 : 1;
            if (!before.equals(after) && !(before.startsWith("java.lang.VerifyError") && after.startsWith("java.lang.VerifyError")) || flawed) {
                failed++;
                System.out.println("FAILED " + type.getKey() + ": before: " + before + "; after: " + after + "; " + flow);
            }
        }
        System.out.println("classes " + woven.size() + " methods " + methods + " unlinkable by themselves " + unlinkable + " left unwoven " + reasons + " failed " + failed);
    }

    private byte[] weave(String name, byte[] bytes) {
        byte[] woven = LoadWeaver.weave(bytes, new Everything());
        Closes closes = new Closes(null, null, type -> true, (where, cause, remedy) -> reasons.merge("tracked: " + cause.getMessage(), 1, Integer::sum));
        closes.track(List.of(name));
        List<Hook> hooks = new ArrayList<>(closes.hooks(name, bytes));
        return hooks.isEmpty() ? woven : HookWeaver.weave(woven == null ? bytes : woven, hooks, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** Linking verifies; nothing of the class is run. @return what was thrown, or nothing */
    private static String link(Loader loader, String name) {
        try {
            Class.forName(name.replace('/', '.'), false, loader).getDeclaredConstructors();
            return "";
        } catch (Throwable t) {
            return t.getClass().getName() + ": " + String.valueOf(t.getMessage()).replaceAll("\\s+", " ");
        }
    }

    private static String flow(byte[] bytes, ClassLoader loader) {
        StringWriter text = new StringWriter();
        try {
            CheckClassAdapter.verify(new ClassReader(bytes), loader, false, new PrintWriter(text));
        } catch (RuntimeException | LinkageError e) {
            // of a class that it cannot load
            return e.toString();
        }
        // what it finds no class for says nothing of the code: a handler more may make it look for one
        return text.toString().contains("not present") ? "" : text.toString().lines().limit(2).toList().toString().replace("[]", "");
    }

    private final class Everything implements LoadWeaver.Selection {
        private final Map<String, Integer> sites = new HashMap<>();

        @Override
        public int site(int access, String method, String descriptor) {
            return method.equals("<clinit>") ? -1 : sites.computeIfAbsent(method + descriptor, key -> {
                methods++;
                return site++;
            });
        }

        @Override
        public boolean needsArguments(int number) {
            return true;
        }

        @Override
        public void left(String method, String descriptor, String why) {
            reasons.merge(why, 1, Integer::sum);
        }
    }

    /** Classes of the jars before those of the JVM's class path, whatever bears the same name there. */
    private static final class Loader extends ClassLoader {
        private static final Set<String> NOT_OURS = Set.of("java", "jdk", "sun");
        private final Map<String, byte[]> bytes;

        Loader(Map<String, byte[]> bytes) {
            super(WeaveJars.class.getClassLoader());
            this.bytes = Map.copyOf(bytes);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            byte[] own = bytes.get(name.replace('.', '/'));
            if (own == null || NOT_OURS.contains(name.substring(0, Math.max(0, name.indexOf('.'))))) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? defineClass(name, own, 0, own.length) : loaded;
            }
        }
    }
}
