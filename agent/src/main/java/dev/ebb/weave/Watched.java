package dev.ebb.weave;

import dev.ebb.config.CloseRule;
import dev.ebb.config.DeadlineRule;
import dev.ebb.config.LoadPattern;
import dev.ebb.config.Options;
import dev.ebb.config.Preset;
import dev.ebb.load.CloseMethod;
import dev.ebb.load.Sites;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which methods the user's patterns mean, and what is to be known of them. Safe for the threads that load classes. */
final class Watched {
    private final List<DeadlineRule> deadlines;
    private final Sites sites;
    /** What the user has named; presets come after it, so that it counts more. */
    private final List<LoadPattern> named;
    private final boolean needsTypes;
    private volatile Rules rules;
    /** By class, method and descriptor: a class that is woven again keeps the numbers of its sites. */
    private final Map<String, Integer> known = new HashMap<>();
    private final Map<LoadPattern, Set<String>> matched = new HashMap<>();

    Watched(Options options, Sites sites) {
        this.deadlines = options.deadlines();
        this.sites = sites;
        rules = new Rules(null, options.loads(), options.release(), options.closeRules());
        named = rules.patterns;
        boolean types = false;
        for (int i = 0; i < named.size(); i++) {
            types |= !named.get(i).exact();
        }
        needsTypes = types;
    }

    /** From now on the methods of an engine are watched, too. */
    synchronized void add(Preset preset) {
        rules = new Rules(rules, preset.loads(), preset.release(), preset.closeRules());
    }

    List<LoadPattern> patterns() {
        return rules.patterns;
    }

    /** Whether a pattern asks for subtypes or annotations. */
    boolean needsTypes() {
        return needsTypes;
    }

    /** @param name internal or binary */
    boolean namedExactly(String name) {
        return rules.exactNames.contains(plain(name));
    }

    /** The patterns that a class can match by its own name. */
    List<LoadPattern> exactPatterns(String name) {
        List<LoadPattern> exact = new ArrayList<>(1);
        List<LoadPattern> patterns = patterns();
        for (int i = 0; i < patterns.size(); i++) {
            if (patterns.get(i).exact() && patterns.get(i).typeMatches(name)) {
                exact.add(patterns.get(i));
            }
        }
        return exact;
    }

    /** The site of a method, made at the first call. */
    synchronized int site(LoadPattern pattern, String className, String method, String descriptor) {
        String key = className + '#' + method + descriptor;
        Integer site = known.get(key);
        String name = className.replace('/', '.') + '#' + method;
        if (!matched.containsKey(pattern)) {
            matched.put(pattern, new TreeSet<>());
        }
        matched.get(pattern).add(name);
        if (site == null) {
            site = releases(pattern) ? sites.addRelease(name, pattern.label()) : addLoad(pattern, name, className, method, descriptor);
            known.put(key, site);
        }
        return site;
    }

    private int addLoad(LoadPattern pattern, String name, String className, String method, String descriptor) {
        CloseMethod close = close(pattern, className, method, descriptor);
        boolean arguments = pattern.needsArguments() || close != null && (close.onReceiver() || close.arguments().length > 0);
        return sites.add(name, pattern.label(), arguments, close, deadline(pattern, className, method, descriptor));
    }

    boolean needsArguments(int site) {
        return sites.get(site).needsArguments();
    }

    /** Whether the pattern names methods that release. */
    boolean releases(LoadPattern pattern) {
        return rules.releases.contains(pattern);
    }

    /** Patterns of the user's that no method of a loaded class has matched so far. */
    synchronized List<LoadPattern> unmatched() {
        List<LoadPattern> left = new ArrayList<>(named);
        left.removeAll(matched.keySet());
        return left;
    }

    /** The methods that are woven because of a preset, sorted. */
    synchronized List<String> matched(Preset preset) {
        Set<String> methods = new TreeSet<>();
        for (LoadPattern pattern : preset.loads()) {
            methods.addAll(matched.getOrDefault(pattern, Set.of()));
        }
        for (LoadPattern pattern : preset.release()) {
            methods.addAll(matched.getOrDefault(pattern, Set.of()));
        }
        return new ArrayList<>(methods);
    }

    private CloseMethod close(LoadPattern pattern, String className, String method, String descriptor) {
        List<CloseRule> closeRules = rules.closeRules;
        for (int i = 0; i < closeRules.size(); i++) {
            CloseRule rule = closeRules.get(i);
            if (rule.concerns(pattern, className, method, descriptor)) {
                int[] arguments = new int[rule.arguments().size()];
                for (int j = 0; j < arguments.length; j++) {
                    arguments[j] = rule.arguments().get(j);
                }
                return new CloseMethod(rule.method(), rule.onReceiver(), arguments, rule.unpublished());
            }
        }
        return null;
    }

    private long deadline(LoadPattern pattern, String className, String method, String descriptor) {
        for (int i = 0; i < deadlines.size(); i++) {
            if (deadlines.get(i).concerns(pattern, className, method, descriptor)) {
                return deadlines.get(i).nanos();
            }
        }
        return 0;
    }

    /** A class name with a dot for each separator, as users write nested classes. @param name internal or binary */
    static String plain(String name) {
        return name.replace('/', '.').replace('$', '.');
    }

    /** Never changed once made. */
    private static final class Rules {
        /** Methods that load, then those that release. */
        final List<LoadPattern> patterns = new ArrayList<>();
        final Set<LoadPattern> releases = new HashSet<>();
        final List<CloseRule> closeRules = new ArrayList<>();
        final Set<String> exactNames = new HashSet<>();

        /** @param before what counts more; null for nothing */
        Rules(Rules before, List<LoadPattern> loads, List<LoadPattern> release, List<CloseRule> closeRules) {
            if (before != null) {
                patterns.addAll(before.patterns);
                releases.addAll(before.releases);
                this.closeRules.addAll(before.closeRules);
            }
            patterns.addAll(loads);
            patterns.addAll(release);
            releases.addAll(release);
            this.closeRules.addAll(closeRules);
            for (int i = 0; i < patterns.size(); i++) {
                if (patterns.get(i).exact()) {
                    exactNames.add(plain(patterns.get(i).className()));
                }
            }
        }
    }
}
