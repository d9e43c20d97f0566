package dev.ebb.config;

import java.io.IOException;
import java.util.List;
import java.util.Properties;

/**
 * What Ebb knows of one engine that takes off-heap memory on load: a properties file in the jar, {@code dev/ebb/presets/NAME.properties}, whose values are written as those of the options of
 * the same name. Immutable.
 *
 * <pre>
 * title                 what it is, for people
 * verified              the artifact that it was tried with, group:artifact:version
 * loads, release        patterns as in ebb.loads and ebb.release, each of a class by its full name
 * close                 how results that are no AutoCloseable are disposed of, as in ebb.close
 * leaves.open           types, separated by comma, whose objects no other object of the engine closes or frees in its own close, though it refers to them; their subtypes too
 * engine                what the names of the engine's own classes begin with, separated by comma, for leaves.open
 * track                 classes as in ebb.track
 * closes.while.loading  yes or no: whether the engine survives a close by one thread while another loads
 * </pre>
 *
 * @param name of the file and in {@code ebb.presets}
 */
public record Preset(String name, String title, String verified, List<LoadPattern> loads, List<LoadPattern> release, List<CloseRule> closeRules, List<String> leavesOpen, List<String> engine, List<String> track,
                     boolean closesWhileLoading, List<String> problems) {
    static Preset parse(String name, Properties file) {
        Settings settings = new Settings();
        offer(settings, Options.LOADS, name, file);
        offer(settings, Options.RELEASE, name, file);
        offer(settings, Options.CLOSE, name, file);
        offer(settings, Options.TRACK, name, file);
        EntryLists entries = new EntryLists(settings);
        return new Preset(name, file.getProperty("title", name), file.getProperty("verified", ""), entries.patterns(Options.LOADS), entries.patterns(Options.RELEASE),
            entries.closeRules(Options.CLOSE), Values.split(file.getProperty("leaves.open", ""), ",", false), Values.split(file.getProperty("engine", ""), ",", false), entries.names(Options.TRACK), file.getProperty("closes.while.loading", "no").equals("yes"), settings.problems());
    }

    private static void offer(Settings settings, Option option, String name, Properties file) {
        String text = file.getProperty(option.name());
        if (text != null) {
            settings.offer(option, text.trim(), "preset ".concat(name));
        }
    }

    /** The one of this name in the jar. @throws IOException if there is none, or it cannot be read */
    public static Preset read(String name) throws IOException {
        return parse(name, PresetIndex.properties(name));
    }
}
