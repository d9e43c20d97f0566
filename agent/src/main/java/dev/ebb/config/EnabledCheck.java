package dev.ebb.config;

import java.io.IOException;
import java.util.Properties;

/**
 * Decides {@code ebb.enabled=false} before anything else of Ebb loads. Loads {@link Arguments} only if there is an argument string, and {@link ConfigFile} only if a file is named.
 * A value that is neither true nor false leaves Ebb enabled; {@link Options} then says so.
 */
public final class EnabledCheck {
    private EnabledCheck() { }

    /**
     * The same order of precedence as all options: system property, agent argument, environment, file.
     *
     * @param agentArguments what stood after the {@code =} of {@code -javaagent}; null if there was none
     * @return whether the user switched Ebb off; throws nothing, a file that cannot be read is left to {@link Options} to report
     */
    public static boolean disabled(String agentArguments) {
        String value = setting("enabled", agentArguments);
        if (value == null) {
            value = fromFile(setting("config", agentArguments));
        }
        return value != null && (value.trim().equalsIgnoreCase("false") || value.trim().equalsIgnoreCase("off"));
    }

    private static String setting(String name, String agentArguments) {
        String value = System.getProperty("ebb.".concat(name));
        if (value == null && agentArguments != null) {
            value = Arguments.parse(agentArguments).value(name);
        }
        if (value == null) {
            value = System.getenv(name.equals("enabled") ? "EBB_ENABLED" : "EBB_CONFIG");
            // as in Options: an empty environment variable is one that is not set
            value = value == null || value.isEmpty() ? null : value;
        }
        return value;
    }

    private static String fromFile(String path) {
        if (path == null || path.trim().isEmpty()) {
            return null;
        }
        try {
            Properties properties = ConfigFile.load(path.trim());
            String value = properties.getProperty("ebb.enabled");
            return value != null ? value : properties.getProperty("enabled");
        } catch (IOException | IllegalArgumentException unreadable) {
            return null;
        }
    }
}
