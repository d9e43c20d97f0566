package dev.ebb.testing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Shared libraries that are installed on this machine. */
public final class Libraries {
    private Libraries() { }

    /** Where the dynamic linker finds a library, by its cache. */
    public static Optional<Path> installed(String name) {
        try {
            Process process = new ProcessBuilder(ldconfig(), "-p").redirectErrorStream(true).start();
            try (InputStream output = process.getInputStream()) {
                return new String(output.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> line.strip().startsWith(name + " ")).findFirst()
                    .map(line -> Path.of(line.substring(line.indexOf("=> ") + 3).strip()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Not on the path of every user. */
    private static String ldconfig() {
        return new File("/sbin/ldconfig").canExecute() ? "/sbin/ldconfig" : "ldconfig";
    }
}
