package dev.ebb.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnabledCheckTest {
    @TempDir
    Path directory;

    @AfterEach
    void forget() {
        System.clearProperty("ebb.enabled");
        System.clearProperty("ebb.config");
    }

    @Test
    void enabledUnlessSaidOtherwise() {
        assertFalse(EnabledCheck.disabled(null));
        assertFalse(EnabledCheck.disabled("mode=off"));
        assertFalse(EnabledCheck.disabled("enabled=perhaps"));
    }

    @Test
    void theArgumentDisables() {
        assertTrue(EnabledCheck.disabled("loads=a.B#m(int,..),enabled=false"));
        assertTrue(EnabledCheck.disabled("ebb.enabled=OFF"));
    }

    @Test
    void thePropertyIsStronger() {
        System.setProperty("ebb.enabled", "true");
        assertFalse(EnabledCheck.disabled("enabled=false"));
        System.setProperty("ebb.enabled", "false");
        assertTrue(EnabledCheck.disabled("enabled=true"));
    }

    @Test
    void theFileIsWeaker() throws IOException {
        Path file = Files.writeString(directory.resolve("x.properties"), "enabled=false\n");
        assertTrue(EnabledCheck.disabled("config=" + file));
        assertFalse(EnabledCheck.disabled("enabled=true,config=" + file));
        System.setProperty("ebb.config", directory.resolve("missing").toString());
        assertFalse(EnabledCheck.disabled("config=" + file));
    }

    @Test
    void agreesWithTheOptions() {
        for (String arguments : new String[] {"enabled=false", "enabled=true", "enabled=", "enabled=FALSE", "enabled=off", "purge=off"}) {
            assertEquals(Options.read(arguments).enabled(), !EnabledCheck.disabled(arguments), arguments);
        }
    }
}
