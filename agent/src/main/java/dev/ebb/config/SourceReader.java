package dev.ebb.config;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Collects what the user wrote, the strongest source first, into {@link Settings}; says which names nobody knows. Reads once, on one thread. */
final class SourceReader {
    /** Unknown names of one file that are said; a file that is no properties file may have thousands. */
    private static final int UNKNOWN_NAMES = 3;

    private final Map<String, Option> byName = new HashMap<>();
    private final Settings settings;

    SourceReader(List<Option> options, Settings settings) {
        this.settings = settings;
        for (int i = 0; i < options.size(); i++) {
            byName.put(options.get(i).name(), options.get(i));
        }
    }

    /** Those whose names begin with {@code ebb.}, sorted. */
    static Map<String, String> systemProperties() {
        Properties properties = System.getProperties();
        Map<String, String> ours = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith("ebb.")) {
                ours.put(name, properties.getProperty(name));
            }
        }
        return ours;
    }

    void read(String agentArguments, Map<String, String> properties, Map<String, String> environment) {
        for (Map.Entry<String, String> property : properties.entrySet()) {
            offer(property.getKey().substring(4), property.getValue(), "system property");
        }
        readArguments(Arguments.parse(agentArguments));
        readEnvironment(environment);
        readFile(settings.text(Options.CONFIG));
    }

    private void readArguments(Arguments arguments) {
        List<String> names = arguments.names();
        for (int i = 0; i < names.size(); i++) {
            offer(names.get(i), arguments.value(names.get(i)), "agent argument");
        }
        for (int i = 0; i < arguments.strays().size(); i++) {
            settings.problem("the agent argument \"" + arguments.strays().get(i) + "\" is not name=value and is ignored; write for example mode=observe");
        }
    }

    /** By the variables that are there: making the name of every option's variable takes longer. */
    private void readEnvironment(Map<String, String> environment) {
        for (String variable : environment.keySet()) {
            if (variable.startsWith("EBB_") && !environment.get(variable).isEmpty()) {
                Option option = byName.get(variable.substring(4).toLowerCase(Locale.ROOT).replace('_', '.'));
                if (option != null && option.variable().equals(variable)) {
                    offer(option.name(), environment.get(variable), "environment");
                } else {
                    warnOfVariable(variable);
                }
            }
        }
    }

    private void readFile(String path) {
        if (path.isEmpty()) {
            return;
        }
        String prefix = "ebb.config=" + path + " (" + settings.source(Options.CONFIG) + ") ";
        try {
            Properties file = ConfigFile.load(path);
            // of ebb.x and x in one file, ebb.x counts
            offerFile(file, true);
            offerFile(file, false);
        } catch (IOException unreadable) {
            settings.problem(prefix + "cannot be read: " + unreadable.getMessage() + "; name a readable properties file; the other sources are used");
        } catch (IllegalArgumentException malformed) {
            settings.problem(prefix + "is not a properties file: " + malformed.getMessage() + "; write \\\\ for a backslash; the other sources are used");
        }
    }

    private void offerFile(Properties file, boolean prefixed) {
        int unknown = 0;
        for (String key : file.stringPropertyNames()) {
            if (key.startsWith("ebb.") == prefixed) {
                String name = prefixed ? key.substring(4) : key;
                unknown += byName.containsKey(name) ? 0 : 1;
                if (byName.containsKey(name) || unknown <= UNKNOWN_NAMES) {
                    offer(name, file.getProperty(key), "ebb.config file");
                }
            }
        }
        if (unknown > UNKNOWN_NAMES) {
            settings.problem("ebb.config names a file with " + (unknown - UNKNOWN_NAMES) + " more unknown options; is it a properties file?");
        }
    }

    private void offer(String name, String value, String source) {
        Option option = byName.get(name);
        if (option == null) {
            warnOfName(name);
        } else if (option.available()) {
            settings.offer(option, value.trim(), source);
        } else {
            settings.problem(option.property() + " is not available in this version and is ignored");
        }
    }

    private void warnOfName(String name) {
        String nearest = Nearest.to(name, byName.keySet());
        settings.problem("ebb." + name + " is not an option of Ebb; " + (nearest == null ? "remove it, or see the table of options" : "did you mean ebb." + nearest + "?"));
    }

    /** Other software may own {@code EBB_HOME}: only what looks like a slip of the pen is reported, and short names look alike by chance. */
    private void warnOfVariable(String variable) {
        String name = variable.substring(4).replace('_', '.');
        String nearest = Nearest.to(name, byName.keySet(), name.length() <= 5 ? 1 : 2);
        if (nearest != null) {
            settings.problem(variable + " is not an option of Ebb; did you mean " + byName.get(nearest).variable() + "?");
        }
    }
}
