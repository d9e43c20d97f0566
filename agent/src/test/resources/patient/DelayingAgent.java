package patient;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;

/** Whoever brings in a class that Ebb needs for a load, and not for its start, waits here: for half a second, or until the program has held {@link #LOCK} and no longer does. */
public final class DelayingAgent implements ClassFileTransformer {
    static final Object LOCK = new Object();
    static volatile boolean held;

    private final boolean locks;

    private DelayingAgent(boolean locks) {
        this.locks = locks;
    }

    public static void premain(String arguments, Instrumentation instrumentation) {
        instrumentation.addTransformer(new DelayingAgent("lock".equals(arguments)));
    }

    @Override
    public byte[] transform(ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
        if ("dev/ebb/rollback/Worker".equals(name)) {
            try {
                delay();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return null;
    }

    private void delay() throws InterruptedException {
        if (!locks) {
            Thread.sleep(500);
            return;
        }
        while (!held) {
            Thread.sleep(1);
        }
        synchronized (LOCK) {
            held = false;
        }
    }
}
