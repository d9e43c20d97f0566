package dev.ebb.config;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The options that are lists. An entry that cannot be read is left out and becomes a problem; if none is left, the default is used. The classes of entries load only if there are any: each
 * costs a good tenth of a millisecond of start-up.
 */
final class EntryLists {
    private final Settings settings;

    EntryLists(Settings settings) {
        this.settings = settings;
    }

    List<LoadPattern> patterns(Option option) {
        return isDefault(option) ? Collections.emptyList() : Collections.unmodifiableList(list(option, ";", LoadPattern.class));
    }

    List<CloseRule> closeRules(Option option) {
        return isDefault(option) ? Collections.emptyList() : Collections.unmodifiableList(list(option, ";", CloseRule.class));
    }

    /** The rules for patterns first, then the ones for all loads, which say nothing if they set no deadline. */
    List<DeadlineRule> deadlines(Option option) {
        if (isDefault(option)) {
            return Collections.emptyList();
        }
        List<DeadlineRule> rules = new ArrayList<>();
        List<DeadlineRule> general = new ArrayList<>();
        List<DeadlineRule> all = list(option, ";", DeadlineRule.class);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).pattern() != null) {
                rules.add(all.get(i));
            } else if (all.get(i).nanos() > 0) {
                general.add(all.get(i));
            }
        }
        rules.addAll(general);
        return Collections.unmodifiableList(rules);
    }

    /** Class names or prefixes of them. */
    List<String> names(Option option) {
        return Collections.unmodifiableList(isDefault(option) ? Values.split(settings.text(option), ",", false) : list(option, ",;", String.class));
    }

    /** Names of presets, or one of {@code auto}, {@code all}, {@code none}. */
    List<String> presets(Option option) {
        return isDefault(option) ? Collections.singletonList(option.defaultText()) : Collections.unmodifiableList(list(option, ",;", String.class));
    }

    List<String> directories(Option option) {
        return isDefault(option) ? Collections.emptyList() : Collections.unmodifiableList(list(option, ":;,", String.class));
    }

    private boolean isDefault(Option option) {
        return settings.source(option).equals("default");
    }

    private <T> List<T> list(Option option, String separators, Class<T> type) {
        List<T> values = new ArrayList<>();
        StringBuilder good = new StringBuilder();
        List<String> entries = Values.split(settings.text(option), separators, false);
        for (int i = 0; i < entries.size(); i++) {
            String entry = entries.get(i);
            try {
                values.add(type.cast(parse(option, entry)));
                good.append(good.length() == 0 ? "" : separators.substring(0, 1)).append(entry);
            } catch (IllegalArgumentException bad) {
                settings.problem(option.property() + " (" + settings.source(option) + "): \"" + entry + "\" " + bad.getMessage() + "; this entry is ignored");
            }
        }
        if (values.isEmpty() && !entries.isEmpty()) {
            settings.reset(option);
            return list(option, separators, type);
        }
        settings.replace(option, good.toString());
        return values;
    }

    private static Object parse(Option option, String entry) {
        if (option == Options.LOADS) {
            return LoadPattern.parse(entry);
        }
        if (option == Options.RELEASE) {
            return release(entry);
        }
        if (option == Options.PRESETS) {
            return preset(entry);
        }
        if (option == Options.CLOSE) {
            return CloseRule.parse(entry);
        }
        if (option == Options.LOAD_TIMEOUT) {
            return DeadlineRule.parse(entry);
        }
        return option == Options.FILES ? directory(entry) : name(entry);
    }

    private static String preset(String entry) {
        String name = entry.toLowerCase(Locale.ROOT);
        List<String> names = new ArrayList<>(List.of("auto", "all", "none"));
        try {
            names.addAll(PresetIndex.read().names());
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be looked up: " + e);
        }
        if (!names.contains(name)) {
            String nearest = Nearest.to(name, names);
            throw new IllegalArgumentException("is no preset; " + (nearest == null ? "see java -jar ebb-agent.jar presets" : "did you mean " + nearest + "?"));
        }
        return name;
    }

    private static LoadPattern release(String entry) {
        LoadPattern pattern = LoadPattern.parse(entry);
        if ("<init>".equals(pattern.methodName())) {
            throw new IllegalArgumentException("names a constructor, which releases nothing; write pkg.Class#method");
        }
        return pattern;
    }

    /** What could mean the whole file system, or another directory than the one that is written, is refused: files are deleted below it. */
    private static String directory(String path) {
        List<String> parts = Values.split(path, "/", false);
        if (!path.startsWith("/") || parts.isEmpty() || parts.contains("..") || parts.contains(".")) {
            throw new IllegalArgumentException("is no absolute path below / without . and ..");
        }
        StringBuilder clean = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            clean.append('/').append(parts.get(i));
        }
        return clean.toString();
    }

    private static String name(String name) {
        if (!TypeNames.valid(name.endsWith(".") ? name.substring(0, name.length() - 1) : name)) {
            throw new IllegalArgumentException("is no class name");
        }
        return name;
    }
}
