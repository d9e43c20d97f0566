package dev.ebb.weave;

import java.io.IOException;

/** Defines the bridge into java.base. Names it by a string only: no class that refers to it may be linked before it is there. */
public final class BridgeInstaller {
    /** As packaged; the build renames {@code dev.ebb.bridge} to {@code java.lang} in string constants, too. */
    private static final String NAME = "dev.ebb.bridge.EbbBridge";

    private BridgeInstaller() { }

    /** Whether an Ebb agent is in this JVM already. */
    public static boolean installed() {
        try {
            Class.forName(NAME, false, null);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** @throws ReflectiveOperationException if the JVM refuses the class */
    public static void install(Openings openings) throws ReflectiveOperationException, IOException {
        openings.into(Object.class).defineClass(Openings.classBytes(NAME));
    }
}
