package dev.ebb.config;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** The file that {@code ebb.config} names: a properties file in UTF-8, keys with or without {@code ebb.}. */
final class ConfigFile {
    private ConfigFile() { }

    /**
     * @throws IOException if the file is missing, a directory, or not readable
     * @throws IllegalArgumentException for a malformed Unicode escape
     */
    static Properties load(String path) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = new FileInputStream(path)) {
            properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
        return properties;
    }
}
