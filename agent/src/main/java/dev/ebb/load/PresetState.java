package dev.ebb.load;

import java.util.List;

/**
 * An engine that Ebb knows by name, in this process.
 *
 * @param wanted whether {@code ebb.presets} asks for it
 * @param found whether a class that it names has been loaded
 * @param matched the methods that are woven because of it, as {@code Class#method}
 */
public record PresetState(String name, boolean wanted, boolean found, List<String> matched) { }
