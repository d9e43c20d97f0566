package dev.ebb.memory;

/**
 * One allocator of this process. A library may carry its own copy besides the one behind {@code malloc}.
 *
 * @param name make and version, as {@code jemalloc 5.3.0}
 * @param origin path of the object that it is in; empty if unknown
 * @param settings options that decide when it returns pages by itself, as {@code background_thread=false dirty_decay_ms=10000 narenas=8}; empty if they cannot be read
 * @param servesMalloc whether the program's own {@code malloc} calls end here
 */
public record Allocator(String name, String origin, String settings, boolean servesMalloc) { }
