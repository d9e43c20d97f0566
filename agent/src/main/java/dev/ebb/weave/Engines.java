package dev.ebb.weave;

import dev.ebb.config.Options;
import dev.ebb.config.Preset;
import dev.ebb.config.PresetIndex;
import dev.ebb.load.PresetState;
import dev.ebb.load.Sites;
import dev.ebb.load.Trouble;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The engines known by name: the file of a preset is read when the first class that it names is about to be defined, and counts from that class on. Until then it costs a look into a map for
 * each class. Safe for the threads that load classes; no lock is held while a file is read.
 */
final class Engines {
    private static final String REMEDY = "the jar of Ebb is damaged, or was replaced while the program runs; until then name the engine's methods in ebb.loads";

    private final Options options;
    private final Watched watched;
    private final Closes closes;
    private final Sites sites;
    private final Trouble trouble;
    /** Preset by the binary and by the internal name of each class. */
    private final Map<String, String> byClass = new HashMap<>();
    private final Map<String, Preset> found = new HashMap<>();
    private final List<String> unsaid = new ArrayList<>();

    Engines(Options options, Watched watched, Closes closes, Sites sites, Trouble trouble) {
        this.options = options;
        this.watched = watched;
        this.closes = closes;
        this.sites = sites;
        this.trouble = trouble;
        if (options.anyPresetKnown()) {
            readIndex();
        }
    }

    private void readIndex() {
        try {
            PresetIndex index = PresetIndex.read();
            List<String> names = index.names();
            for (int i = 0; i < names.size(); i++) {
                if (options.presetKnown(names.get(i))) {
                    add(names.get(i), index.classes(names.get(i)));
                }
            }
        } catch (IOException | RuntimeException e) {
            trouble.report("presets", e, REMEDY);
        }
    }

    private void add(String preset, List<String> classes) {
        for (int i = 0; i < classes.size(); i++) {
            byClass.put(classes.get(i), preset);
            byClass.put(classes.get(i).replace('.', '/'), preset);
        }
    }

    /** A class is about to be woven. @param name internal or binary */
    void seen(String name) {
        String preset = byClass.get(name);
        if (preset != null && !isFound(preset)) {
            try {
                apply(Preset.read(preset));
            } catch (IOException | RuntimeException e) {
                trouble.report("preset ".concat(preset), e, REMEDY);
            }
        }
    }

    private boolean isFound(String preset) {
        synchronized (found) {
            return found.containsKey(preset);
        }
    }

    /** Another thread may have come first: then this one goes on once all is in place. */
    private void apply(Preset preset) {
        synchronized (found) {
            if (!found.containsKey(preset.name())) {
                // that much is true of the engine's objects whoever loads them
                closes.leaveOpen(preset.leavesOpen(), preset.engine());
                closes.track(preset.track());
                found.put(preset.name(), preset);
                if (options.presetWanted(preset.name())) {
                    sites.expectReleases();
                    watched.add(preset);
                    unsaid.add(preset.name());
                }
            }
        }
    }

    /** Presets that were found since this was asked last. */
    List<String> takeFound() {
        synchronized (found) {
            List<String> names = new ArrayList<>(unsaid);
            unsaid.clear();
            return names;
        }
    }

    /** Whether presets are wanted, and no class of one has been loaded. */
    boolean noneFound() {
        synchronized (found) {
            return found.isEmpty();
        }
    }

    /** Of each preset in the jar. @throws IOException if the jar cannot be read */
    List<PresetState> states() throws IOException {
        List<PresetState> states = new ArrayList<>();
        for (String name : PresetIndex.read().names()) {
            Preset preset;
            synchronized (found) {
                preset = found.get(name);
            }
            states.add(new PresetState(name, options.presetWanted(name), preset != null, preset == null ? List.of() : watched.matched(preset)));
        }
        return states;
    }
}
