package dev.ebb.weave;

import dev.ebb.config.LoadPattern;
import dev.ebb.config.Options;
import dev.ebb.load.CloseWatcher;
import dev.ebb.load.PresetState;
import dev.ebb.load.Sites;
import dev.ebb.load.Trouble;
import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Weaves the hook points of the JDK and the watched methods of the program, in classes loaded before and after Ebb, and takes it all back again.
 * {@code transform} runs on any thread that loads a class: it loads no class of the program and throws nothing.
 */
public final class Weaver implements ClassFileTransformer {
    private static final String OURS = "dev/ebb/";

    private final Instrumentation instrumentation;
    private final Trouble trouble;
    private final HookTable hooks;
    private final Watched watched;
    private final TypeModel types;
    private final Closes closes;
    private final Engines engines;

    public Weaver(Instrumentation instrumentation, Openings openings, Options options, Sites sites, Trouble trouble) {
        this.instrumentation = instrumentation;
        this.trouble = trouble;
        hooks = new HookTable(Runtime.version().feature());
        closes = new Closes(instrumentation, openings, new Alone(), trouble);
        closes.track(options.track());
        watched = new Watched(options, sites);
        engines = new Engines(options, watched, closes, sites, trouble);
        types = watched.needsTypes() ? new TypeModel() : null;
    }

    /**
     * Loads what weaving needs by weaving a class of Ebb's own, whose result nobody wants: some forty classes, verified and run cold, are half of a start. Before any hook is there; throws
     * nothing, since whatever goes wrong here goes wrong again where it matters.
     */
    public static void warmUp() {
        try {
            byte[] bytes = Openings.classBytes(Opener.class);
            Hook hook = new Hook("dev/ebb/weave/Opener", "apply", null, Hook.At.EXIT, false, "seen", 0, new String[] {"this"});
            HookWeaver.weave(bytes, List.of(hook), identitySet());
            LoadWeaver.weave(bytes, new WarmUp());
        } catch (IOException | RuntimeException | Error e) {
            // then the start is slower
        }
    }

    /** Weaves what is loaded already, and from now on whatever is loaded. */
    public void weave() {
        // first the transformer, then the list: the other order misses classes that are loaded in between
        instrumentation.addTransformer(this, true);
        retransform(concernedClasses());
    }

    /** Restores every class that was woven; the bridge is silent to what runs on in woven code. */
    public void unweave() {
        instrumentation.removeTransformer(this);
        retransform(concernedClasses());
    }

    /** Learns when the program closes what it got from loads. */
    public CloseWatcher closeWatcher() {
        return closes;
    }

    /** Weaves classes that turned out to matter after they were loaded. About once a second, on the worker. */
    public void catchUp() {
        closes.catchUp();
    }

    /** Patterns that no loaded method has matched so far, each with the nearest that exists. Slow; for the worker. */
    public List<String> unmatchedPatterns() {
        List<String> report = new ArrayList<>();
        List<LoadPattern> unmatched = watched.unmatched();
        if (!unmatched.isEmpty()) {
            PatternHints hints = new PatternHints(instrumentation.getAllLoadedClasses());
            for (LoadPattern pattern : unmatched) {
                report.add((watched.releases(pattern) ? "ebb.release: " : "").concat(hints.explain(pattern)));
            }
        }
        return report;
    }

    /** Presets that were found since this was asked last. For the worker. */
    public List<String> takeFoundPresets() {
        return engines.takeFound();
    }

    /** Whether no class that a preset names has been loaded. */
    public boolean noPresetFound() {
        return engines.noneFound();
    }

    /** Of each preset in the jar. @throws IOException if the jar cannot be read */
    public List<PresetState> presets() throws IOException {
        return engines.states();
    }

    @Override
    public byte[] transform(Module module, ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
        try {
            if (name == null || name.startsWith(OURS)) {
                return null;
            }
            if (loader == null) {
                List<Hook> rows = hooks.of(name);
                return rows == null ? null : weaveHooks(name, rows, bytes);
            }
            engines.seen(name);
            return weaveProgram(loader, name, redefined == null, bytes);
        } catch (Throwable t) {
            trouble.report("weave ".concat(String.valueOf(name)), t, "the class runs unwoven, so that loads in it are not seen");
            return null;
        }
    }

    /** @return null if nothing of the class concerns Ebb */
    private byte[] weaveProgram(ClassLoader loader, String name, boolean definition, byte[] bytes) {
        List<LoadPattern> patterns = patternsFor(loader, name, bytes);
        byte[] result = patterns.isEmpty() ? null : LoadWeaver.weave(bytes, new Selected(patterns, loader, name, bytes));
        List<Hook> hooks = closes.hooks(name, bytes);
        if (hooks.isEmpty()) {
            return result;
        }
        Set<Hook> matched = identitySet();
        byte[] hooked = HookWeaver.weave(result == null ? bytes : result, hooks, matched);
        closes.woven(matched, loader, definition);
        return hooked;
    }

    private byte[] weaveHooks(String owner, List<Hook> rows, byte[] bytes) {
        Set<Hook> matched = identitySet();
        byte[] result = HookWeaver.weave(bytes, rows, matched);
        for (int i = 0; i < rows.size(); i++) {
            Hook row = rows.get(i);
            if (row.required() && !matched.contains(row)) {
                trouble.report("weave hooks", new NoSuchMethodException(owner.replace('/', '.') + '#' + row.method() + row.descriptor() + " at " + row.at()),
                    "this JDK is not known to this version of Ebb: what goes through that method is not recorded");
            }
        }
        return result;
    }

    /** The hash code of a record is linked when it is first asked for, which takes 20 ms of start-up. */
    private static Set<Hook> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private List<LoadPattern> patternsFor(ClassLoader loader, String name, byte[] bytes) {
        List<LoadPattern> patterns = watched.namedExactly(name) ? watched.exactPatterns(name) : List.of();
        if (types == null || !TypeModel.anyCanMatch(watched.patterns(), bytes)) {
            return patterns;
        }
        List<LoadPattern> all = new ArrayList<>(patterns);
        for (LoadPattern pattern : watched.patterns()) {
            if (!pattern.exact() && TypeModel.canMatch(pattern, bytes) && (pattern.annotation() != null || types.isSubtype(pattern, loader, name, bytes))) {
                all.add(pattern);
            }
        }
        return all;
    }

    private List<Class<?>> concernedClasses() {
        List<Class<?>> concerned = new ArrayList<>();
        Class<?>[] all = instrumentation.getAllLoadedClasses();
        // before any is judged: what a preset adds may concern one that stands before the class by which it was found
        for (int i = 0; i < all.length; i++) {
            if (all[i].getClassLoader() != null) {
                engines.seen(all[i].getName());
            }
        }
        for (int i = 0; i < all.length; i++) {
            if (concerned(all[i]) && instrumentation.isModifiableClass(all[i])) {
                concerned.add(all[i]);
            }
        }
        return concerned;
    }

    private boolean concerned(Class<?> type) {
        if (type.isArray() || type.isPrimitive()) {
            return false;
        }
        String name = type.getName();
        if (type.getClassLoader() == null) {
            return hooks.concerns(name);
        }
        return !name.startsWith("dev.ebb.") && (watched.namedExactly(name) || closes.concerns(type) || types != null && mayBeConcerned(type));
    }

    /** By the loaded supertypes; annotations are looked for when the class is transformed. */
    private boolean mayBeConcerned(Class<?> type) {
        for (LoadPattern pattern : watched.patterns()) {
            if (pattern.annotation() != null || pattern.subtypes() && hasSupertype(type, pattern)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasSupertype(Class<?> type, LoadPattern pattern) {
        if (type == null) {
            return false;
        }
        if (pattern.typeMatches(type.getName()) || hasSupertype(type.getSuperclass(), pattern)) {
            return true;
        }
        for (Class<?> implemented : type.getInterfaces()) {
            if (hasSupertype(implemented, pattern)) {
                return true;
            }
        }
        return false;
    }

    private void retransform(List<Class<?>> classes) {
        if (classes.isEmpty()) {
            return;
        }
        try {
            instrumentation.retransformClasses(classes.toArray(new Class<?>[0]));
        } catch (UnmodifiableClassException | LinkageError | RuntimeException e) {
            // one class that the JVM refuses must not cost the others their hooks
            for (int i = 0; i < classes.size(); i++) {
                retransformAlone(classes.get(i));
            }
        }
    }

    private boolean retransformAlone(Class<?> type) {
        try {
            instrumentation.retransformClasses(type);
            return true;
        } catch (UnmodifiableClassException | LinkageError | RuntimeException e) {
            trouble.report("weave ".concat(type.getName()), e, "the class runs unwoven");
            return false;
        }
    }

    private static final class WarmUp implements LoadWeaver.Selection {
        @Override
        public int site(int access, String method, String descriptor) {
            return method.equals("<init>") ? -1 : 0;
        }

        @Override
        public boolean needsArguments(int site) {
            return false;
        }

        @Override
        public void left(String method, String descriptor, String why) { }
    }

    /** Weaves one loaded class anew; false if the JVM refuses. No lambda, which would cost a start some milliseconds. */
    private final class Alone implements Predicate<Class<?>> {
        @Override
        public boolean test(Class<?> type) {
            return retransformAlone(type);
        }
    }

    /** The watched methods of one class. */
    private final class Selected implements LoadWeaver.Selection {
        private final List<LoadPattern> patterns;
        private final ClassLoader loader;
        private final String name;
        private final byte[] bytes;

        Selected(List<LoadPattern> patterns, ClassLoader loader, String name, byte[] bytes) {
            this.patterns = patterns;
            this.loader = loader;
            this.name = name;
            this.bytes = bytes;
        }

        @Override
        public int site(int access, String method, String descriptor) {
            for (int i = 0; i < patterns.size(); i++) {
                LoadPattern pattern = patterns.get(i);
                boolean matches = pattern.methodMatches(method) && pattern.argumentsMatch(descriptor)
                    && (pattern.annotation() == null || TypeModel.annotated(pattern, bytes).contains(method + descriptor));
                if (matches) {
                    return watched.site(pattern, name, method, descriptor);
                }
            }
            return -1;
        }

        @Override
        public boolean needsArguments(int site) {
            return watched.needsArguments(site);
        }

        @Override
        public void left(String method, String descriptor, String why) {
            trouble.report("weave ".concat(name.replace('/', '.')) + '#' + method + descriptor, new UnsupportedOperationException(why),
                "this method runs unwoven, so that its loads are not seen; watch one that calls it instead");
        }
    }
}
