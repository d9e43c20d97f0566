package dev.ebb.weave;

import dev.ebb.config.CloseRule;
import dev.ebb.config.DeadlineRule;
import dev.ebb.config.LoadPattern;
import dev.ebb.config.Options;
import dev.ebb.load.CloseMethod;
import dev.ebb.load.Sites;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which methods the user's patterns mean, and what is to be known of them. Safe for the threads that load classes. */
final class Watched {
    /** Methods that load, then those that release. */
    private final List<LoadPattern> patterns = new ArrayList<>();
    private final Set<LoadPattern> releases;
    private final List<CloseRule> closeRules;
    private final List<DeadlineRule> deadlines;
    private final Sites sites;
    private final Set<String> exactNames = new HashSet<>();
    private final boolean needsTypes;
    /** By class, method and descriptor: a class that is woven again keeps the numbers of its sites. */
    private final Map<String, Integer> known = new HashMap<>();
    private final Set<LoadPattern> matched = new HashSet<>();

    Watched(Options options, Sites sites) {
        patterns.addAll(options.loads());
        patterns.addAll(options.release());
        releases = new HashSet<>(options.release());
        this.closeRules = options.closeRules();
        this.deadlines = options.deadlines();
        this.sites = sites;
        boolean types = false;
        for (int i = 0; i < patterns.size(); i++) {
            if (patterns.get(i).exact()) {
                exactNames.add(plain(patterns.get(i).className()));
            } else {
                types = true;
            }
        }
        needsTypes = types;
    }

    List<LoadPattern> patterns() {
        return patterns;
    }

    /** Whether a pattern asks for subtypes or annotations. */
    boolean needsTypes() {
        return needsTypes;
    }

    /** @param name internal or binary */
    boolean namedExactly(String name) {
        return exactNames.contains(plain(name));
    }

    /** The patterns that a class can match by its own name. */
    List<LoadPattern> exactPatterns(String name) {
        List<LoadPattern> exact = new ArrayList<>(1);
        for (int i = 0; i < patterns.size(); i++) {
            if (patterns.get(i).exact() && patterns.get(i).typeMatches(name)) {
                exact.add(patterns.get(i));
            }
        }
        return exact;
    }

    /** The site of a method, made at the first call. */
    synchronized int site(LoadPattern pattern, String className, String method, String descriptor) {
        matched.add(pattern);
        String key = className + '#' + method + descriptor;
        Integer site = known.get(key);
        if (site == null) {
            String name = className.replace('/', '.') + '#' + method;
            site = releases.contains(pattern) ? sites.addRelease(name, pattern.label()) : addLoad(pattern, name, className, method, descriptor);
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
        return releases.contains(pattern);
    }

    /** Patterns that no method of a loaded class has matched so far. */
    synchronized List<LoadPattern> unmatched() {
        List<LoadPattern> left = new ArrayList<>(patterns);
        left.removeAll(matched);
        return left;
    }

    private CloseMethod close(LoadPattern pattern, String className, String method, String descriptor) {
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
}
