package dev.ebb.memory;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * What the names in /proc/self/maps tell of the allocator, for want of the native library. A guess: a library that is mapped need not be the one behind {@code malloc}.
 *
 * @param name {@code jemalloc}, {@code mimalloc}, {@code tcmalloc}, else {@code glibc}, else {@code none}; without a version
 * @param library file name of a library that takes the place of libc's allocator; empty if none is mapped
 */
record MappedAllocator(String name, String library) {
    private static final String[] REPLACEMENTS = {"jemalloc", "mimalloc", "tcmalloc"};

    static MappedAllocator guess() {
        MappedAllocator guess = new MappedAllocator("none", "");
        try (BufferedReader maps = new BufferedReader(new InputStreamReader(new FileInputStream("/proc/self/maps"), StandardCharsets.ISO_8859_1))) {
            for (String line = maps.readLine(); line != null && guess.library.isEmpty(); line = maps.readLine()) {
                guess = guess.orBetter(line.substring(line.lastIndexOf('/') + 1));
            }
        } catch (IOException e) {
            return guess; // not Linux, or not allowed to look
        }
        return guess;
    }

    private MappedAllocator orBetter(String file) {
        for (String replacement : REPLACEMENTS) {
            if (file.startsWith("lib" + replacement)) {
                return new MappedAllocator(replacement, file);
            }
        }
        return file.equals("libc.so.6") || file.startsWith("libc-2.") ? new MappedAllocator("glibc", "") : this;
    }
}
