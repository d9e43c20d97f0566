package dev.ebb.memory;

import dev.ebb.testing.ForkedJvm;
import dev.ebb.testing.Jdks.Jdk;

import java.time.Duration;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** One run of {@link PurgeScenario}, after its end. */
record PurgeRun(ForkedJvm jvm) {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    /** A command that is sure of its collector and heap, so that these leave RSS alone. */
    static ForkedJvm.Command command(Jdk jdk) {
        return ForkedJvm.java(jdk).option("-XX:+UseSerialGC", "-Xms64m", "-Xmx64m", "-Xshare:auto").main(PurgeScenario.class);
    }

    static PurgeRun of(ForkedJvm.Command command) {
        ForkedJvm jvm = command.start();
        try (jvm) {
            jvm.await("^end=", LIMIT);
            if (jvm.waitFor(LIMIT) != 0) {
                throw jvm.failure("ended badly");
            }
        }
        return new PurgeRun(jvm);
    }

    String value(String name) {
        return jvm.await("^" + name.replace(".", "\\.") + "=(.*)$", LIMIT).group(1);
    }

    long bytes(String name) {
        return Long.parseLong(value(name));
    }

    void assertAllReturned() {
        assertReturned(95); // the rest is what the JVM itself takes meanwhile
    }

    /** So much of what was freed has left RSS, in {@code free} or by the purge, or is what the allocator itself calls its caches; these are small. */
    void assertReturned(int percent) {
        long givenByFree = bytes("rssPeak") - bytes("rssFreed");
        long accounted = givenByFree + bytes("first.returnedBytes") + Math.max(0, bytes("first.cachedBytes"));
        assertTrue(accounted > PurgeScenario.FREED_BYTES / 100 * percent, () -> jvm.failure("RSS fell by " + accounted + " only").getMessage());
        assertTrue(bytes("first.cachedBytes") < PurgeScenario.FREED_BYTES / 20, () -> jvm.failure("too much is kept").getMessage());
    }

    void assertNoTrouble() {
        assertFalse(jvm.stdout().contains("trouble="), () -> jvm.failure("trouble").getMessage());
    }

    /** The problem is told once as trouble, and with its remedy in the note of each purge, and the program ran on. */
    void assertProblem(String what, String remedy) {
        for (String note : new String[] {value("first.note"), value("second.note")}) {
            assertTrue(note.contains(what) && note.contains(remedy), () -> jvm.failure("\"" + what + "\" or \"" + remedy + "\" is not in the note").getMessage());
        }
        long troubles = jvm.stdout().lines().filter(line -> line.startsWith("trouble=memory.native ") && line.contains(what) && line.contains(remedy)).count();
        assertTrue(troubles == 1, () -> jvm.failure("told " + troubles + " times").getMessage());
    }
}
