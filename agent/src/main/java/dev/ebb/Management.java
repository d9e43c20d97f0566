package dev.ebb;

import dev.ebb.load.Live;
import dev.ebb.load.Trouble;
import dev.ebb.report.EbbBean;
import java.lang.instrument.Instrumentation;
import java.util.function.Consumer;

/**
 * Puts the MBean into the platform's MBean server as soon as anybody else has that server, on the thread that asked for it; and never makes one, since a
 * server made before main breaks programs that configure theirs (JBoss, Jenkins).
 */
final class Management implements Consumer<Object>, Runnable {
    /** Loaded with the first server. */
    private static final String SERVER_CLASS = "com.sun.jmx.mbeanserver.JmxMBeanServer";

    private final Instrumentation instrumentation;
    private final Live live;
    private final Trouble trouble;
    private volatile Object registered;

    Management(Instrumentation instrumentation, Live live, Trouble trouble) {
        this.instrumentation = instrumentation;
        this.live = live;
        this.trouble = trouble;
    }

    @Override
    public void accept(Object server) {
        try {
            EbbBean.register(server, live);
            registered = server;
        } catch (RuntimeException | Error e) {
            trouble.report("management", e, "Ebb works without its MBean");
        }
    }

    /** Takes the bean back, if it is anywhere. */
    void leave() {
        Object server = registered;
        registered = null;
        if (server != null) {
            EbbBean.unregister(server);
        }
    }

    /** A server may have been there before Ebb: of a program that Ebb was attached to, or made by an agent before it. On the worker. */
    @Override
    public void run() {
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (type.getName().equals(SERVER_CLASS)) {
                EbbBean.askForServer();
                return;
            }
        }
    }
}
